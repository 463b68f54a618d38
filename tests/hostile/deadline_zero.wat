;; attack: side effects where there is no time at all
;; allow: log
;; deadline: 0ms
;; expect: deadline
;; phase: start
;; logs: 
;; usage.fuel: 0
;; usage.host_calls: 0
(module
  (import "env" "host_log" (func $log (param i32 i32)))
  (memory (export "memory") 1)
  (func $start (call $log (i32.const 0) (i32.const 0)))
  (start $start)
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
