;; attack: random bytes far behind the memory
;; allow: random
;; expect: fault
(module
  (import "env" "host_read_random" (func $f (param i32 i32)))
  (memory (export "memory") 1)
  (func (export "execute") (param i32 i32) (result i32)
    (call $f (i32.const 0x7fffffff) (i32.const 0x7fffffff))
    (i32.const 0)))
