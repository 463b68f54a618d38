;; attack: a buffer for the input whose start and length add up to more than 32 bits
;; allow: input
;; expect: fault
(module
  (import "env" "host_read_input" (func $f (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "execute") (param i32 i32) (result i32)
    (drop (call $f (i32.const -16) (i32.const 32)))
    (i32.const 0)))
