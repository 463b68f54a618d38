;; attack: a last message of which only the length lies in the memory
;; allow: abort
;; expect: fault
(module
  (import "env" "abort" (func $f (param i32 i32 i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 65532) "\08")
  (func (export "execute") (param i32 i32) (result i32)
    (call $f (i32.const 65536) (i32.const 0) (i32.const 0) (i32.const 0))
    (i32.const 0)))
