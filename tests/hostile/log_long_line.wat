;; attack: a line longer than it may be, with a character of two bytes across the limit
;; allow: log
;; log_line_bytes: 4
;; expect: finished 0
;; logs: [abc...]
;; usage.log_lines_lost: 1
(module
  (import "env" "host_log" (func $log (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "abc\c3\a9def")
  (func (export "execute") (param i32 i32) (result i32)
    (call $log (i32.const 0) (i32.const 8))
    (i32.const 0)))
