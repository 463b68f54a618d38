;; attack: a host function takes the last fuel; the next one of the same block must not run
;; allow: host, log
;; fuel: 10,000
;; expect: out-of-fuel
;; logs: 
;; usage.host_calls: 2
;; usage.fuel: 10,000
(module
  (import "host" "spend_all" (func $spend_all))
  (import "env" "host_log" (func $log (param i32 i32)))
  (memory (export "memory") 1)
  (func (export "execute") (param i32 i32) (result i32)
    (call $spend_all)
    (call $log (i32.const 0) (i32.const 0))
    (i32.const 0)))
