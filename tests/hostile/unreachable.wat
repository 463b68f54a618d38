;; attack: a trap
;; expect: trap-unreachable
(module
  (func (export "execute") (param i32 i32) (result i32) unreachable))
