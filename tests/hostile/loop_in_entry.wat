;; attack: an endless loop in the entry
;; fuel: 1,000
;; expect: out-of-fuel
;; phase: entry
;; text: out of fuel after 1000
(module
  (func (export "execute") (param i32 i32) (result i32) (loop $again (br $again)) unreachable))
