;; shows: several memories count together
;; proposal: multi-memory
;; memory: 256KiB
;; denial: refuse
;; expect: finished -1
;; usage.peak_memory_bytes: 256KiB
;; usage.memory_growths_denied: 1
(module
  (memory $a 1)
  (memory $b 1)
  (func (export "execute") (param i32 i32) (result i32)
    (drop (memory.grow $a (i32.const 1)))
    (drop (memory.grow $b (i32.const 1)))
    (memory.grow $a (i32.const 1))))
