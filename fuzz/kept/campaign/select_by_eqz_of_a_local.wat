;; must return 256: with the condition in a local, the select looked at what the register held instead
(module
  (func $f (param i32) (result i32)
    i32.const 1
    i32.const 0
    local.get 0
    i32.eqz
    select)
  (func (export "digest") (result i64)
    (i64.or
      (i64.extend_i32_u (call $f (i32.const 1)))
      (i64.shl (i64.extend_i32_u (call $f (i32.const 0))) (i64.const 8)))))
