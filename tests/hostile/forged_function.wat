;; attack: a reference to a function out of a cell of the stack that nobody wrote
;; expect: trap-indirect-call-to-null
(module
  (table 1 funcref)
  (func $stain (param i64) (local i64 i64 i64 i64 i64 i64 i64 i64)
    (local.set 1 (local.get 0)) (local.set 2 (local.get 0)) (local.set 3 (local.get 0))
    (local.set 4 (local.get 0)) (local.set 5 (local.get 0)) (local.set 6 (local.get 0))
    (local.set 7 (local.get 0)) (local.set 8 (local.get 0)))
  (func $forge (param funcref i32)
    (i32.const 0)
    (local.get 0)
    (i32.const 7)
    (block (param i32)
      drop
      (br_if 0 (local.get 1))
      (local.set 0 (ref.null func)))
    table.set)
  (func (export "execute") (param i32 i32) (result i32)
    (call $stain (i64.const 0x41414141))
    (call $forge (ref.null func) (i32.const 1))
    (call_indirect (i32.const 0))
    (i32.const 0)))
