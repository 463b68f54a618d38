;; attack: a local that carries a value in place of a block, which the function does not have
;; expect: invalid-module
(module
  (func (export "execute") (param i32 i32) (result i32)
    (i32.const 7)
    (block (param i32) drop)
    (local.get 2)))
