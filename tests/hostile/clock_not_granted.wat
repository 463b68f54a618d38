;; attack: the time, which was not granted
;; allow: protocol
;; expect: import-not-granted
;; text: capability::Clock
(module
  (import "env" "host_get_time_nanos" (func (result i64)))
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
