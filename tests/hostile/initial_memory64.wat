;; attack: a memory whose size in bytes does not fit into 64 bits
;; proposal: memory64
;; expect: initial-memory
(module
  (memory i64 0x1000000000000)
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
