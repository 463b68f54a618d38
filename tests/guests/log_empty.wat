;; shows: an empty line is a line
;; allow: log
;; log_lines: 2
;; expect: finished 0
;; logs: [] []
;; usage.log_lines_lost: 1
(module
  (import "env" "host_log" (func $log (param i32 i32)))
  (memory (export "memory") 1)
  (func (export "execute") (param i32 i32) (result i32)
    (call $log (i32.const 0) (i32.const 0))
    (call $log (i32.const 65536) (i32.const 0))
    (call $log (i32.const 0) (i32.const 0))
    (i32.const 0)))
