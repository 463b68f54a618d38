;; shows: random bytes are those of the seed, in every run
;; allow: random, output
;; expect: finished 0
;; output: \xd7\r2Y
(module
  (import "env" "host_read_random" (func $random (param i32 i32)))
  (import "env" "host_write_output" (func $write (param i32 i32)))
  (memory (export "memory") 1)
  (func (export "execute") (param i32 i32) (result i32)
    (call $random (i32.const 0) (i32.const 4))
    (call $write (i32.const 0) (i32.const 4))
    (i32.const 0)))
