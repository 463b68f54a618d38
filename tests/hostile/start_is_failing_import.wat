;; attack: a start function that is a failing import
;; allow: host
;; expect: host-function
;; phase: start
(module
  (import "host" "fail" (func $start))
  (start $start)
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
