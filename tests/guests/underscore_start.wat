;; shows: _start is the entry where there is no execute, and its status is 0
;; allow: output
;; expect: finished 0
;; output: started
(module
  (import "env" "host_write_output" (func $write (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "started")
  (func (export "_start") (call $write (i32.const 0) (i32.const 7))))
