;; shows: a start function may grow memory
;; expect: finished 3
;; usage.peak_memory_bytes: 192KiB
(module
  (memory (export "memory") 1)
  (func $start (drop (memory.grow (i32.const 2))))
  (start $start)
  (func (export "execute") (param i32 i32) (result i32) (memory.size)))
