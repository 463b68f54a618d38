;; attack: an indirect call through an empty element
;; expect: trap-indirect-call-to-null
(module
  (table 1 funcref)
  (func (export "execute") (param i32 i32) (result i32)
    (call_indirect (result i32) (i32.const 0))))
