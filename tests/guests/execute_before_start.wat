;; shows: execute is the entry even beside _start
;; expect: finished 3
(module
  (func (export "_start") unreachable)
  (func (export "execute") (param i32 i32) (result i32) (i32.const 3)))
