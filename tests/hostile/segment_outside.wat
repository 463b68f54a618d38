;; attack: a data segment beyond the memory
;; expect: segment
(module
  (memory 1)
  (data (i32.const 65530) "too long")
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
