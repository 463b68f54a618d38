;; shows: a guest reads as much of the input as its buffer holds
;; allow: input
;; input: more than ten bytes
;; proposal: custom page sizes
;; expect: finished 10
(module
  (import "env" "host_read_input" (func $read (param i32 i32) (result i32)))
  (memory (export "memory") 10 (pagesize 1))
  (func (export "execute") (param i32 i32) (result i32)
    (call $read (i32.const 0) (i32.const 10))))
