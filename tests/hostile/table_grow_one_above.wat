;; attack: one element more than there may be
;; table: 10
;; expect: out-of-table
;; usage.peak_table_elements: 4
;; usage.table_growths_denied: 1
;; text: the guest wants 11 elements, 10 are allowed
(module
  (table $table 4 funcref)
  (func (export "execute") (param i32 i32) (result i32)
    (table.grow $table (ref.null func) (i32.const 7))))
