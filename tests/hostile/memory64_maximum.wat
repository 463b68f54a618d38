;; attack: a memory that may have 2^64 bytes, at whose growth the interpreter panics
;; proposal: memory64
;; expect: unsupported
(module
  (memory i64 1 0x1000000000000)
  (func (export "execute") (param i32 i32) (result i32)
    (i32.wrap_i64 (memory.grow (i64.const 1)))))
