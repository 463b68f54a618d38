;; attack: a function exported as memory
;; allow: output
;; expect: memory-not-exported
(module
  (import "env" "host_write_output" (func $write (param i32 i32)))
  (func (export "memory"))
  (func (export "execute") (param i32 i32) (result i32)
    (call $write (i32.const 0) (i32.const 1))
    (i32.const 0)))
