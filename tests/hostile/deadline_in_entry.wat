;; attack: an endless loop in the entry, with all the fuel there is
;; fuel: 100,000,000
;; deadline: 20ms
;; tick: 5ms
;; expect: deadline
;; phase: entry
;; text: the deadline of 20ms has passed
(module
  (func (export "execute") (param i32 i32) (result i32) (loop $again (br $again)) unreachable))
