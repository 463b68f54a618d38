;; shows: a start function may call the host, and pays for it
;; allow: log, input
;; input: early
;; expect: finished 5
;; logs: [early]
;; usage.host_calls: 2
(module
  (import "env" "host_read_input" (func $read (param i32 i32) (result i32)))
  (import "env" "host_log" (func $log (param i32 i32)))
  (memory (export "memory") 1)
  (global $read_bytes (mut i32) (i32.const 0))
  (func $start
    (global.set $read_bytes (call $read (i32.const 0) (i32.const 100)))
    (call $log (i32.const 0) (global.get $read_bytes)))
  (start $start)
  (func (export "execute") (param i32 i32) (result i32) (global.get $read_bytes)))
