;; attack: escape sequences, carriage return, C1 control, newline and invalid UTF-8 in a log line
;; allow: log
;; expect: finished 0
;; logs: [a\u{1b}[2Jb\rc\u{9b}31md\ne�f]
;; usage.log_lines_lost: 0
(module
  (import "env" "host_log" (func $log (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "a\1b[2Jb\0dc\c2\9b31md\0ae\fff")
  (func (export "execute") (param i32 i32) (result i32)
    (call $log (i32.const 0) (i32.const 18))
    (i32.const 0)))
