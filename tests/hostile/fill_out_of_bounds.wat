;; attack: a fill beyond the memory writes nothing
;; expect: trap-memory-out-of-bounds
(module
  (memory 1)
  (func (export "execute") (param i32 i32) (result i32)
    (memory.fill (i32.const 1) (i32.const 1) (i32.const 65536))
    (i32.const 0)))
