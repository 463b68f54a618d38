;; attack: loads that miss the cache for ever
;; fuel: 100,000,000
;; deadline: 20ms
;; tick: 5ms
;; expect: deadline
(module
  (memory 256)
  (func (export "execute") (param i32 i32) (result i32)
    (local $at i32)
    (loop $again
      (local.set $at
        (i32.and
          (i32.add
            (i32.mul (local.get $at) (i32.const 1664525))
            (i32.add (i32.load (local.get $at)) (i32.const 1013904223)))
          (i32.const 0xfffffc)))
      (br $again))
    unreachable))
