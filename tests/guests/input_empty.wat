;; shows: without input there are 0 bytes to read
;; allow: input
;; expect: finished 0
(module
  (import "env" "host_get_input_len" (func $len (result i32)))
  (import "env" "host_read_input" (func $read (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "execute") (param i32 i32) (result i32)
    (i32.or (call $len) (call $read (i32.const 0) (i32.const 65536)))))
