;; attack: log lines without end
;; allow: log
;; fuel: 1,000,000
;; log_lines: 3
;; expect: out-of-fuel
;; logs: [flood] [flood] [flood]
(module
  (import "env" "host_log" (func $log (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "flood")
  (func (export "execute") (param i32 i32) (result i32)
    (loop $again (call $log (i32.const 0) (i32.const 5)) (br $again))
    unreachable))
