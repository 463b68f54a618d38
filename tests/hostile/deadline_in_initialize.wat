;; attack: an endless loop in _initialize, with all the fuel there is
;; fuel: 100,000,000
;; deadline: 20ms
;; tick: 5ms
;; expect: deadline
;; phase: initialize
(module
  (func (export "_initialize") (loop $again (br $again)))
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
