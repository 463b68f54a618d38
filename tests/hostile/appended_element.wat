;; attack: an element that is the function that a growth becomes
;; expect: invalid-module
(module
  (memory 1)
  (table 1 funcref)
  (elem (i32.const 0) func 1)
  (func (export "execute") (param i32 i32) (result i32)
    (drop (memory.grow (i32.const 1)))
    (call_indirect (param i32) (result i32) (i32.const 1) (i32.const 0))))
