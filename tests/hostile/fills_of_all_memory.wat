;; attack: fills and copies of 16 MiB for ever, none of which can be interrupted
;; fuel: 100,000,000
;; deadline: 20ms
;; tick: 5ms
;; expect: deadline
(module
  (memory 256)
  (func (export "execute") (param i32 i32) (result i32)
    (loop $again
      (memory.fill (i32.const 0) (i32.const 1) (i32.const 0x1000000))
      (memory.copy (i32.const 1) (i32.const 0) (i32.const 0xffffff))
      (br $again))
    unreachable))
