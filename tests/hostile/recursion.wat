;; attack: endless recursion
;; expect: trap-stack-overflow
;; text: the guest trapped: stack overflow
(module
  (func $down (call $down))
  (func (export "execute") (param i32 i32) (result i32) (call $down) (i32.const 0)))
