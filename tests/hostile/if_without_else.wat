;; attack: a condition with a parameter and no else, in which a local comes into the register of the result
;; expect: finished 0
(module
  (func $f (param $x i64) (param $c i32) (result i64)
    (local.get $x)
    (local.get $c)
    (if (param i64) (result i64)
      (then
        drop
        (local.tee $x (i64.add (local.get $x) (i64.const 7))))))
  (func (export "execute") (param i32 i32) (result i32)
    (i64.ne (call $f (i64.const 5) (i32.const 0)) (i64.const 5))))
