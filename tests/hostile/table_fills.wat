;; attack: fills of a whole table for ever
;; fuel: 100,000,000
;; deadline: 20ms
;; tick: 5ms
;; expect: deadline
(module
  (table $table 10000 funcref)
  (func (export "execute") (param i32 i32) (result i32)
    (loop $again
      (table.fill $table (i32.const 0) (ref.null func) (i32.const 10000))
      (table.copy $table $table (i32.const 0) (i32.const 1) (i32.const 9999))
      (br $again))
    unreachable))
