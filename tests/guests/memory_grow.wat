;; shows: each growth happens once, however often it is resumed because of a lack of fuel
;; denial: refuse
;; memory: 2MiB
;; expect: finished 32
;; usage.peak_memory_bytes: 2MiB
;; usage.memory_growths_denied: 3
(module
  (memory 1)
  (global $rounds (mut i32) (i32.const 0))
  (func (export "execute") (param i32 i32) (result i32)
    (local $failed i32)
    (loop $again
      (global.set $rounds (i32.add (global.get $rounds) (i32.const 1)))
      (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1))
        (then (local.set $failed (i32.add (local.get $failed) (i32.const 1)))))
      (br_if $again (i32.lt_u (local.get $failed) (i32.const 3))))
    ;; 31 rounds that grew, 3 that did not
    (if (i32.ne (global.get $rounds) (i32.const 34)) (then unreachable))
    (memory.size)))
