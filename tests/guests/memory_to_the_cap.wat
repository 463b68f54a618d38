;; shows: growth to the cap is granted
;; memory: 1MiB
;; expect: finished 16
;; usage.peak_memory_bytes: 1MiB
;; usage.memory_growths_denied: 0
(module
  (memory 1)
  (func (export "execute") (param i32 i32) (result i32)
    (drop (memory.grow (i32.const 15)))
    (memory.size)))
