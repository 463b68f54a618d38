;; attack: fills of 1 MiB for ever
;; fuel: 100,000,000
;; deadline: 20ms
;; tick: 5ms
;; expect: deadline
(module
  (memory 16)
  (func (export "execute") (param i32 i32) (result i32)
    (loop $again
      (memory.fill (i32.const 0) (i32.const 1) (i32.const 0x100000))
      (br $again))
    unreachable))
