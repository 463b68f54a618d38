;; attack: growth of a table for ever
;; table: 100
;; denial: refuse
;; fuel: 100,000,000
;; deadline: 20ms
;; tick: 5ms
;; expect: deadline
(module
  (table $table 0 funcref)
  (func (export "execute") (param i32 i32) (result i32)
    (loop $again
      (drop (table.grow $table (ref.null func) (i32.const 1)))
      (br $again))
    unreachable))
