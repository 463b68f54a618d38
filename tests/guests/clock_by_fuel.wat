;; shows: a clock that goes with fuel gives the same times in every run
;; allow: clock
;; expect: finished 1
(module
  (import "env" "host_get_time_nanos" (func $time (result i64)))
  (func (export "execute") (param i32 i32) (result i32)
    (local $first i64)
    (local.set $first (call $time))
    (if (i64.lt_s (local.get $first) (i64.const 1000000000)) (then unreachable))
    (i64.gt_s (call $time) (local.get $first))))
