;; attack: a host function charges more than there is
;; allow: host
;; fuel: 10,000
;; expect: out-of-fuel
;; usage.host_calls: 1
(module
  (import "host" "spend" (func $spend (param i64)))
  (func (export "execute") (param i32 i32) (result i32)
    (call $spend (i64.const -1))
    (i32.const 0)))
