;; attack: recursion that needs few calls and much stack
;; stack: 64KiB
;; expect: trap-stack-overflow
(module
  (func $down (param i64) (result i64)
    (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    (if (result i64) (i64.eqz (local.get 0))
      (then (i64.const 0))
      (else (i64.add (local.get 1) (call $down (i64.sub (local.get 0) (i64.const 1)))))))
  (func (export "execute") (param i32 i32) (result i32)
    (i32.wrap_i64 (call $down (i64.const 500)))))
