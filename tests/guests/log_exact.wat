;; shows: a line as long as it may be is kept whole
;; allow: log
;; log_line_bytes: 5
;; log_bytes: 10
;; expect: finished 0
;; logs: [hello] [hello]
;; usage.log_lines_lost: 0
(module
  (import "env" "host_log" (func $log (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "hello")
  (func (export "execute") (param i32 i32) (result i32)
    (call $log (i32.const 0) (i32.const 5))
    (call $log (i32.const 0) (i32.const 5))
    (i32.const 0)))
