;; attack: a denied growth, then a trap: the trap counts
;; memory: 64KiB
;; denial: refuse
;; expect: trap-memory-out-of-bounds
;; usage.memory_growths_denied: 1
(module
  (memory 1)
  (func (export "execute") (param i32 i32) (result i32)
    (drop (memory.grow (i32.const 1)))
    (i32.load (i32.const 65536))))
