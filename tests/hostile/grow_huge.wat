;; attack: all pages that a number can name
;; expect: finished -1
;; usage.memory_growths_denied: 0
;; usage.peak_memory_bytes: 64KiB
(module
  (memory 1)
  (func (export "execute") (param i32 i32) (result i32) (memory.grow (i32.const -1))))
