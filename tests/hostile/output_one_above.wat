;; attack: one byte of output more than there may be: what fitted is kept
;; allow: output
;; output_limit: 5
;; expect: output-too-large
;; output: abcab
(module
  (import "env" "host_write_output" (func $write (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "abc")
  (func (export "execute") (param i32 i32) (result i32)
    (call $write (i32.const 0) (i32.const 3))
    (call $write (i32.const 0) (i32.const 3))
    (i32.const 0)))
