;; shows: a start function that is an import is called once
;; allow: host
;; expect: finished 0
;; usage.host_calls: 1
(module
  (import "host" "nop" (func $start))
  (start $start)
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
