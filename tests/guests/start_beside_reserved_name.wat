;; shows: the guest keeps an export that has the name we would give its start function
;; allow: output
;; call: fuelbox:start
;; expect: finished 0
;; output: start, then the export
(module
  (import "env" "host_write_output" (func $write (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "start, then the export")
  (func $start (call $write (i32.const 0) (i32.const 5)))
  (start $start)
  (func (export "fuelbox:start") (call $write (i32.const 5) (i32.const 17)))
  (func (export "fuelbox:start:0") unreachable))
