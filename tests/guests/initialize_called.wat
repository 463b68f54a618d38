;; shows: _initialize called by name is the entry, and runs once
;; allow: output
;; call: _initialize
;; expect: finished 0
;; output: once
(module
  (import "env" "host_write_output" (func $write (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "once")
  (func (export "_initialize") (call $write (i32.const 0) (i32.const 4))))
