;; attack: host calls in place of work: each costs 64 and the few that the guest pays for itself
;; allow: host
;; fuel: 10,000
;; expect: out-of-fuel
;; usage.host_calls: 94
(module
  (import "host" "nop" (func $nop))
  (func (export "execute") (param i32 i32) (result i32)
    (loop $again (call $nop) (br $again))
    unreachable))
