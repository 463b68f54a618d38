;; shows: input goes through to output
;; allow: protocol
;; input: hello
;; expect: finished 0
;; output: hello
;; usage.host_calls: 2
(module
  (import "env" "host_read_input" (func $read (param i32 i32) (result i32)))
  (import "env" "host_write_output" (func $write (param i32 i32)))
  (memory (export "memory") 1)
  (func (export "execute") (param i32 i32) (result i32)
    (call $write (i32.const 0) (call $read (i32.const 0) (local.get 1)))
    (i32.const 0)))
