;; attack: output above the limit in pieces of one byte
;; allow: output
;; output_limit: 3
;; expect: output-too-large
;; output: xxx
;; usage.host_calls: 4
(module
  (import "env" "host_write_output" (func $write (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "x")
  (func (export "execute") (param i32 i32) (result i32)
    (loop $again (call $write (i32.const 0) (i32.const 1)) (br $again))
    unreachable))
