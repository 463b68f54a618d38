;; attack: a call of the function that a growth becomes, which the module does not have
;; expect: invalid-module
(module
  (memory 1)
  (func (export "execute") (param i32 i32) (result i32)
    (drop (memory.grow (i32.const 1)))
    (call 1 (i32.const 1))))
