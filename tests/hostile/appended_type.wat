;; attack: a call by the type of the function that a growth becomes
;; expect: invalid-module
(module
  (memory 1)
  (table 1 funcref)
  (func (export "execute") (param i32 i32) (result i32)
    (drop (memory.grow (i32.const 1)))
    (drop (table.grow (ref.null func) (i32.const 1)))
    unreachable
    (call_indirect (type 1))))
