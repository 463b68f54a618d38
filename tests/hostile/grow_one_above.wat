;; attack: one page more than there may be
;; memory: 1MiB
;; expect: out-of-memory
;; usage.peak_memory_bytes: 64KiB
;; usage.memory_growths_denied: 1
;; text: the guest wants 1114112 bytes, 1048576 are allowed
(module
  (memory 1)
  (func (export "execute") (param i32 i32) (result i32)
    (drop (memory.grow (i32.const 16)))
    (i32.const 0)))
