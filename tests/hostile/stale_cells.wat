;; attack: a cell of the stack that nobody wrote, read where a local lies below a block with a parameter
;; expect: finished 0
(module
  (func $stain (param i64) (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    (local.set 1 (local.get 0)) (local.set 2 (local.get 0)) (local.set 3 (local.get 0))
    (local.set 4 (local.get 0)) (local.set 5 (local.get 0)) (local.set 6 (local.get 0))
    (local.set 7 (local.get 0)) (local.set 8 (local.get 0)) (local.set 9 (local.get 0))
    (local.set 10 (local.get 0)))
  ;; Must return its first argument.
  (func $look (param i64 i32) (result i64)
    (local.get 0)
    (i32.const 7)
    (block (param i32)
      drop
      (br_if 0 (local.get 1))
      (local.set 0 (i64.const 99))))
  ;; The status is 0 where it is right before and after, in this run and the next.
  (func (export "execute") (param i32 i32) (result i32)
    (i64.ne (call $look (i64.const 5) (i32.const 1)) (i64.const 5))
    (call $stain (i64.const 0x4141414142424242))
    (i64.ne (call $look (i64.const 5) (i32.const 1)) (i64.const 5))
    i32.add))
