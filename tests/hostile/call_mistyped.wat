;; attack: an indirect call of a function of another type
;; expect: trap-bad-signature
(module
  (table 1 funcref)
  (elem (i32.const 0) $other)
  (func $other (param i64))
  (func (export "execute") (param i32 i32) (result i32)
    (call_indirect (result i32) (i32.const 0))))
