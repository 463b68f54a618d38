;; attack: a choice by a comparison with zero, while a register holds something else
;; expect: finished 0
(module
  (func $f (param i32) (result i32)
    (i32.const 1)
    (i32.const 0)
    (i32.eqz (local.get 0))
    select)
  ;; The status is 0 where `f 1` is 0 and `f 0` is 1.
  (func (export "execute") (param i32 i32) (result i32)
    (i32.or
      (i32.mul (call $f (i32.const 1)) (i32.const 2))
      (i32.sub (i32.const 1) (call $f (i32.const 0))))))
