;; Calls a function with more values than fit where most fit.
(module
  (import "env" "turn" (func $turn (param i32 i64 f32 f64 i32 i64 i32) (result i32 i64 f32)))

  (func (export "turn") (result i32 i64 f32)
    (call $turn (i32.const 1) (i64.const 2) (f32.const 3) (f64.const 4) (i32.const 5) (i64.const 6) (i32.const 7))))
