;; Exports to be called: they return, keep state, never end, or trap.
(module
  (memory (export "memory") 1)
  (global $count (export "count") (mut i32) (i32.const 0))
  (data (i32.const 16) "guest")

  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))

  ;; Counts its calls.
  (func (export "next") (result i32)
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (global.get $count))

  ;; Gives back one of each type.
  (func (export "same") (param i32 i64 f32 f64 externref) (result i32 i64 f32 f64 externref)
    (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4))

  (func (export "endless") (loop (br 0)))
  (func (export "trap") (unreachable)))
