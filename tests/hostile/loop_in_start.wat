;; attack: an endless loop in the start function
;; fuel: 1,000
;; expect: out-of-fuel
;; phase: start
(module
  (func $start (loop $again (br $again)))
  (start $start)
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
