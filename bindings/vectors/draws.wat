;; Writes the time and eight random bytes to its output.
(module
  (import "env" "host_get_time_nanos" (func $time (result i64)))
  (import "env" "host_read_random" (func $random (param i32 i32)))
  (import "env" "host_write_output" (func $write (param i32 i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (i64.store (i32.const 0) (call $time))
    (call $random (i32.const 8) (i32.const 8))
    (call $write (i32.const 0) (i32.const 16))))
