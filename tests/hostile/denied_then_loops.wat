;; attack: a denied growth, then an endless loop: out of fuel, not of memory
;; memory: 64KiB
;; denial: refuse
;; fuel: 100,000
;; expect: out-of-fuel
;; usage.memory_growths_denied: 1
(module
  (memory 1)
  (func (export "execute") (param i32 i32) (result i32)
    (drop (memory.grow (i32.const 1)))
    (loop $again (br $again))
    unreachable))
