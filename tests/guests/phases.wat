;; shows: start function, _initialize and entry run once each, in this order
;; allow: output
;; expect: finished 0
;; output: sie
(module
  (import "env" "host_write_output" (func $write (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "sie")
  (func $start (call $write (i32.const 0) (i32.const 1)))
  (start $start)
  (func (export "_initialize") (call $write (i32.const 1) (i32.const 1)))
  (func (export "execute") (param i32 i32) (result i32)
    (call $write (i32.const 2) (i32.const 1))
    (i32.const 0)))
