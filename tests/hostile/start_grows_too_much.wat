;; attack: a start function that grows memory beyond the limit
;; memory: 64KiB
;; expect: out-of-memory
;; phase: start
(module
  (memory 1)
  (func $start (drop (memory.grow (i32.const 1))))
  (start $start)
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
