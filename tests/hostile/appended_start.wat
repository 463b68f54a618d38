;; attack: a start section that names the function that a growth becomes
;; expect: invalid-module
(module
  (memory 1)
  (func (export "execute") (param i32 i32) (result i32) (memory.grow (i32.const 1)))
  (start 1))
