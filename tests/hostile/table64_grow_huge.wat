;; attack: more elements than 32 bits can count, which no host makes; -1, as where indices have 32 bits
;; proposal: memory64
;; expect: finished -1
;; usage.table_growths_denied: 0
;; usage.peak_table_elements: 1
(module
  (table $table i64 1 funcref)
  (func (export "execute") (param i32 i32) (result i32)
    (i32.wrap_i64 (table.grow $table (ref.null func) (i64.const 0x100000000)))))
