;; attack: an endless loop in the start function, with all the fuel there is
;; fuel: 100,000,000
;; deadline: 20ms
;; tick: 5ms
;; expect: deadline
;; phase: start
(module
  (func $start (loop $again (br $again)))
  (start $start)
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
