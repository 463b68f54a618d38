;; attack: the time, which was not granted
;; allow: protocol
;; expect: import-not-granted
;; text: import env.host_get_time_nanos is not granted
(module
  (import "env" "host_get_time_nanos" (func (result i64)))
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
