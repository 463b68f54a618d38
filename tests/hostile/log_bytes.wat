;; attack: more bytes of log than there may be: cut, then dropped
;; allow: log
;; log_bytes: 8
;; expect: finished 0
;; logs: [flood] [flo...]
;; usage.log_lines_lost: 2
(module
  (import "env" "host_log" (func $log (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "flood")
  (func (export "execute") (param i32 i32) (result i32)
    (call $log (i32.const 0) (i32.const 5))
    (call $log (i32.const 0) (i32.const 5))
    (call $log (i32.const 0) (i32.const 5))
    (i32.const 0)))
