;; must return 5: the local below the parameter was read before it was set
(module
  (func $f (param i32 i32) (result i32)
    (local.get 0)
    (i32.const 7)
    (block (param i32)
      drop
      (br_if 0 (local.get 1))
      (local.set 0 (i32.const 99))))
  (func (export "digest") (result i64)
    (i64.extend_i32_u (call $f (i32.const 5) (i32.const 1)))))
