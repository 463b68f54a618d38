;; attack: addresses that 32 bits cannot hold, constant and computed, one of them cut to what is there
;; proposal: memory64
;; expect: trap-memory-out-of-bounds
(module
  (memory i64 1)
  (func (export "execute") (param i32 i32) (result i32)
    (local $at i64)
    (local.set $at (i64.shl (i64.const 1) (i64.const 32)))
    (if (i32.eqz (local.get 1)) (then
      (drop (i32.add (i32.load (i64.const 0x100000000)) (i32.const 1)))))
    (i32.load offset=8 (local.get $at))))
