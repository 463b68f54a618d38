;; attack: growth of memory for ever
;; memory: 8MiB
;; denial: refuse
;; fuel: 100,000,000
;; deadline: 20ms
;; tick: 5ms
;; expect: deadline
;; usage.peak_table_elements: 0
(module
  (memory 0)
  (func (export "execute") (param i32 i32) (result i32)
    (loop $again
      (drop (memory.grow (i32.const 1)))
      (br $again))
    unreachable))
