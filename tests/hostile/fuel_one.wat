;; attack: an endless loop on one fuel
;; fuel: 1
;; expect: out-of-fuel
(module
  (func (export "execute") (param i32 i32) (result i32) (loop $again (br $again)) unreachable))
