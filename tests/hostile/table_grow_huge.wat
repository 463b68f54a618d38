;; attack: nearly as many elements as a number can name
;; expect: out-of-table
;; usage.peak_table_elements: 1
(module
  (table $table 1 funcref)
  (func (export "execute") (param i32 i32) (result i32)
    (table.grow $table (ref.null func) (i32.const -2))))
