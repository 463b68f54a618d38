;; attack: 4 GiB of output from a memory of one page
;; allow: output
;; expect: fault
(module
  (import "env" "host_write_output" (func $f (param i32 i32)))
  (memory (export "memory") 1)
  (func (export "execute") (param i32 i32) (result i32)
    (call $f (i32.const 0) (i32.const -1))
    (i32.const 0)))
