;; Hands a value of every type to a host function, odd NaNs among them, and keeps what it gets.
(module
  (import "host" "every"
    (func $every
      (param i32 i64 f32 f64 v128 funcref externref)
      (result externref funcref v128 f64 f32 i64 i32)))
  (memory (export "memory") 1)
  (global $i32 (mut i32) (i32.const 0))
  (global $i64 (mut i64) (i64.const 0))
  (global $f32 (mut f32) (f32.const 0))
  (global $f64 (mut f64) (f64.const 0))
  (global $v128 (mut v128) (v128.const i64x2 0 0))
  (func $ask (param i32)
    (call $every
      (local.get 0)
      (i64.const -2)
      (f32.const -nan:0x200001)
      (f64.const -nan:0x4000000000001)
      (v128.const i64x2 -1 2)
      (ref.func $ask)
      (ref.null extern))
    (global.set $i32)
    (global.set $i64)
    (global.set $f32)
    (global.set $f64)
    (global.set $v128)
    drop
    drop)
  (func $start
    (local $times i32)
    (loop $again
      (call $ask (local.get $times))
      (br_if $again
        (i32.ne (local.tee $times (i32.add (local.get $times) (i32.const 1))) (i32.const 64)))))
  (elem declare func $ask)
  (start $start))
