;; attack: host calls for ever
;; allow: host
;; fuel: 100,000,000
;; deadline: 20ms
;; tick: 5ms
;; expect: deadline
(module
  (import "host" "nop" (func $nop))
  (func (export "execute") (param i32 i32) (result i32)
    (loop $again (call $nop) (br $again))
    unreachable))
