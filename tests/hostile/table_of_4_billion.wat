;; attack: all the table that can be declared
;; expect: initial-table
(module
  (table 0xffffffff funcref)
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
