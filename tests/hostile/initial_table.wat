;; attack: more table from the start than there may be
;; table: 10
;; expect: initial-table
;; text: 11 table elements, 10 are allowed
(module
  (table 5 funcref)
  (table 6 externref)
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
