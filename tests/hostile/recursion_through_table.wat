;; attack: two functions that call each other through a table for ever
;; expect: trap-stack-overflow
(module
  (type $action (func))
  (table 2 funcref)
  (elem (i32.const 0) $ping $pong)
  (func $ping (call_indirect (type $action) (i32.const 1)))
  (func $pong (call_indirect (type $action) (i32.const 0)))
  (func (export "execute") (param i32 i32) (result i32) (call $ping) (i32.const 0)))
