;; attack: side effects where there is no fuel at all
;; allow: log
;; fuel: 0
;; expect: out-of-fuel
;; logs: 
;; usage.fuel: 0
;; usage.host_calls: 0
(module
  (import "env" "host_log" (func $log (param i32 i32)))
  (memory (export "memory") 1)
  (func (export "execute") (param i32 i32) (result i32)
    (call $log (i32.const 0) (i32.const 0))
    (i32.const 0)))
