;; attack: a load whose address and offset add up to more than 32 bits
;; expect: trap-memory-out-of-bounds
(module
  (memory 1)
  (func (export "execute") (param i32 i32) (result i32)
    (i32.load offset=0xffffffff (i32.const -1))))
