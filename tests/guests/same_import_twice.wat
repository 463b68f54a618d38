;; shows: one function may be imported twice
;; allow: log
;; expect: finished 0
;; logs: [a] [b]
(module
  (import "env" "host_log" (func $one (param i32 i32)))
  (import "env" "host_log" (func $two (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "ab")
  (func (export "execute") (param i32 i32) (result i32)
    (call $one (i32.const 0) (i32.const 1))
    (call $two (i32.const 1) (i32.const 1))
    (i32.const 0)))
