;; shows: growth past the module's own maximum is its own affair: -1, and no denial
;; memory: 128KiB
;; table: 4
;; expect: finished -1
;; usage.memory_growths_denied: 0
;; usage.table_growths_denied: 0
;; usage.peak_memory_bytes: 128KiB
;; usage.peak_table_elements: 4
(module
  (memory 1 2)
  (table $table 3 4 funcref)
  (func (export "execute") (param i32 i32) (result i32)
    (if (i32.ne (memory.grow (i32.const 1)) (i32.const 1)) (then unreachable))
    (if (i32.ne (table.grow $table (ref.null func) (i32.const 1)) (i32.const 3)) (then unreachable))
    (i32.and
      (memory.grow (i32.const 1))
      (table.grow $table (ref.null func) (i32.const 1)))))
