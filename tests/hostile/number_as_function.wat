;; attack: a number where a reference to a function is: numbers and references share a register
;; expect: trap-indirect-call-to-null
(module
  (table 2 funcref)
  (func $forge (param $f funcref) (param $n i64)
    (i32.const 0)
    (local.tee $f (table.get (i32.const 1)))
    (local.get $n)
    (loop (param i64) (result i64))
    drop
    table.set)
  (func (export "execute") (param i32 i32) (result i32)
    (call $forge (ref.null func) (i64.const 0x41414141))
    (call_indirect (i32.const 0))
    (i32.const 0)))
