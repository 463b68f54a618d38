;; attack: a load beyond the memory: a trap, no limit
;; expect: trap-memory-out-of-bounds
(module
  (memory 1)
  (func (export "execute") (param i32 i32) (result i32) (i32.load (i32.const 65533))))
