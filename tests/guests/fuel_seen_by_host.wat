;; shows: the fuel that a host function sees does not depend on slices
;; allow: host
;; call: fuel
;; expect: finished 0
(module
  (import "host" "fuel_used" (func $used (result i64)))
  (import "host" "spend" (func $spend (param i64)))
  (memory 1)
  (func (export "fuel") (result i64 i64)
    (call $used)
    (call $spend (i64.const 12345))
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 50000))
    (call $used)))
