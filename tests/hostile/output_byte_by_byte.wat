;; attack: output in pieces of one byte for ever
;; allow: output
;; output_limit: max
;; fuel: 100,000,000
;; deadline: 20ms
;; tick: 5ms
;; expect: deadline
(module
  (import "env" "host_write_output" (func $write (param i32 i32)))
  (memory (export "memory") 1)
  (func (export "execute") (param i32 i32) (result i32)
    (loop $again (call $write (i32.const 0) (i32.const 1)) (br $again))
    unreachable))
