;; attack: a million nops, to be trusted with much fuel, then loads in a row that all miss the cache
;; fuel: 10,000,000,000
;; deadline: 20ms
;; tick: 5ms
;; expect: deadline
(module
  (memory 256)
  (func (export "execute") (param i32 i32) (result i32)
    (local $i i32) (local $p i32) (local $n i32)
    (loop $init
      (i32.store
        (i32.shl (local.get $i) (i32.const 6))
        (i32.shl
          (i32.and
            (i32.add (i32.mul (local.get $i) (i32.const 1664525)) (i32.const 1013904223))
            (i32.const 0x3ffff))
          (i32.const 6)))
      (br_if $init
        (i32.lt_u
          (local.tee $i (i32.add (local.get $i) (i32.const 1)))
          (i32.const 0x3ffff))))
    (loop $nops
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
        nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop
      (br_if $nops
        (i32.lt_u
          (local.tee $n (i32.add (local.get $n) (i32.const 1)))
          (i32.const 1000))))
    (loop $again
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (local.set $p (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (i32.load (local.get $p))))))))))))))))))
      (br $again))
    unreachable))
