;; attack: all the memory that can be declared
;; expect: initial-memory
(module
  (memory 65536)
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
