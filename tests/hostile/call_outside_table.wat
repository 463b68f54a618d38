;; attack: an indirect call beyond the table
;; expect: trap-table-out-of-bounds
(module
  (table 1 funcref)
  (func (export "execute") (param i32 i32) (result i32)
    (call_indirect (result i32) (i32.const 1))))
