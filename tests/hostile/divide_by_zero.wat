;; attack: a division by zero
;; expect: trap-integer-division-by-zero
(module
  (func (export "execute") (param i32 i32) (result i32)
    (i32.div_s (i32.const 1) (local.get 0))))
