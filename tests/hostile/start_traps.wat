;; attack: a start function that traps, after it has written
;; allow: output
;; expect: trap-unreachable
;; phase: start
;; output: early
(module
  (import "env" "host_write_output" (func $write (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "early")
  (func $start (call $write (i32.const 0) (i32.const 5)) unreachable)
  (start $start)
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
