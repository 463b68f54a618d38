;; attack: chains of divisions for ever
;; fuel: 100,000,000
;; deadline: 20ms
;; tick: 5ms
;; expect: deadline
(module
  (func (export "execute") (param i32 i32) (result i32)
    (local $n i64)
    (loop $again
      (local.set $n
        (i64.div_u (i64.const -1)
          (i64.or (i64.const 1) (i64.div_u (i64.const -1) (i64.or (i64.const 1) (local.get $n))))))
      (br $again))
    unreachable))
