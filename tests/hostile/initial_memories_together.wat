;; attack: memories that each stay below the limit
;; proposal: multi-memory
;; memory: 128KiB
;; expect: initial-memory
(module
  (memory 1)
  (memory 1)
  (memory 1)
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
