;; shows: each growth of a table happens once, and so does what stands before it
;; table: 1,000
;; denial: refuse
;; expect: finished 12
;; usage.peak_table_elements: 1,000
;; usage.table_growths_denied: 2
(module
  (table $table 0 funcref)
  (global $rounds (mut i32) (i32.const 0))
  (func (export "execute") (param i32 i32) (result i32)
    (local $failed i32)
    (loop $again
      (global.set $rounds (i32.add (global.get $rounds) (i32.const 1)))
      (if (i32.eq (table.grow $table (ref.null func) (i32.const 100)) (i32.const -1))
        (then (local.set $failed (i32.add (local.get $failed) (i32.const 1)))))
      (br_if $again (i32.lt_u (local.get $failed) (i32.const 2))))
    (global.get $rounds)))
