;; shows: a memory with 64-bit addresses is counted like any other
;; proposal: memory64
;; memory: 256KiB
;; denial: refuse
;; expect: finished -1
;; usage.peak_memory_bytes: 256KiB
;; usage.memory_growths_denied: 2
(module
  (memory i64 1)
  (func (export "execute") (param i32 i32) (result i32)
    (drop (memory.grow (i64.const 3)))
    (drop (memory.grow (i64.const 0x100000000)))
    (i32.wrap_i64 (memory.grow (i64.const 1)))))
