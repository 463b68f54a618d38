;; attack: an element segment beyond the table
;; expect: segment
(module
  (table 1 funcref)
  (elem (i32.const 1) $f)
  (func $f)
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
