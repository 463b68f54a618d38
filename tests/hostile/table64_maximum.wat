;; attack: a table that may have more elements than a host of 32 bits can count
;; proposal: memory64
;; expect: unsupported
(module
  (table i64 1 0x100000000 funcref)
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
