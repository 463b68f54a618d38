;; shows: what execute returns is the status
;; expect: finished -7
(module
  (func (export "execute") (param i32 i32) (result i32) (i32.const -7)))
