;; attack: a fill of 4 GiB in a memory of one page
;; fuel: 1,000
;; expect: trap-memory-out-of-bounds
(module
  (memory 1)
  (func (export "execute") (param i32 i32) (result i32)
    (memory.fill (i32.const 0) (i32.const 1) (i32.const -1))
    (i32.const 0)))
