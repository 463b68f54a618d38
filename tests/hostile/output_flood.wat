;; attack: output without end in pieces of 64 KiB
;; allow: output
;; output_limit: 1MiB
;; expect: output-too-large
;; usage.host_calls: 17
;; text: more than 1048576 bytes of output
(module
  (import "env" "host_write_output" (func $write (param i32 i32)))
  (memory (export "memory") 1)
  (func (export "execute") (param i32 i32) (result i32)
    (loop $again (call $write (i32.const 0) (i32.const 65536)) (br $again))
    unreachable))
