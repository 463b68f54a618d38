;; attack: a loop with a parameter, while a computed local is in the register that the parameter takes
;; expect: finished 0
(module
  (func $f (param $x i64) (param $y i64) (result i64)
    (local.tee $x (i64.add (local.get $x) (i64.const 7)))
    (local.get $y)
    (loop (param i64) (result i64))
    i64.sub)
  (func (export "execute") (param i32 i32) (result i32)
    (i64.ne (call $f (i64.const 0) (i64.const 100)) (i64.const -93))))
