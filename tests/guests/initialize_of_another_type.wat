;; shows: an _initialize that takes something is an export like any other
;; expect: finished 0
(module
  (func (export "_initialize") (param i32) unreachable)
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
