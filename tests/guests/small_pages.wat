;; shows: a memory with pages of one byte is counted in bytes
;; proposal: custom page sizes
;; memory: 1,000
;; denial: refuse
;; expect: finished -1
;; usage.peak_memory_bytes: 1,000
;; usage.memory_growths_denied: 1
(module
  (memory 10 (pagesize 1))
  (func (export "execute") (param i32 i32) (result i32)
    (drop (memory.grow (i32.const 990)))
    (memory.grow (i32.const 1))))
