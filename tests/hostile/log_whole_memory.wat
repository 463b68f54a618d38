;; attack: a line of 16 MiB, all of it invalid: paid for, cut, and not copied first
;; allow: log
;; log_line_bytes: 6
;; expect: finished 0
;; logs: [��...]
;; usage.log_lines_lost: 1
(module
  (import "env" "host_log" (func $log (param i32 i32)))
  (memory (export "memory") 256)
  (func (export "execute") (param i32 i32) (result i32)
    (memory.fill (i32.const 0) (i32.const 0xff) (i32.const 0x1000000))
    (call $log (i32.const 0) (i32.const 0x1000000))
    (i32.const 0)))
