;; shows: a short buffer gets the start of the input
;; allow: protocol
;; input: hello
;; expect: finished 2
;; output: he
(module
  (import "env" "host_read_input" (func $read (param i32 i32) (result i32)))
  (import "env" "host_write_output" (func $write (param i32 i32)))
  (memory (export "memory") 1)
  (func (export "execute") (param i32 i32) (result i32)
    (local $read i32)
    (local.set $read (call $read (i32.const 0) (i32.const 2)))
    (call $write (i32.const 0) (local.get $read))
    (local.get $read)))
