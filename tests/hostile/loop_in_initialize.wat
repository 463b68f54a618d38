;; attack: an endless loop in _initialize
;; fuel: 1,000
;; expect: out-of-fuel
;; phase: initialize
(module
  (func (export "_initialize") (loop $again (br $again)))
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
