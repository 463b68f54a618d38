;; attack: a read beyond the table
;; expect: trap-table-out-of-bounds
(module
  (table $table 1 externref)
  (func (export "execute") (param i32 i32) (result i32)
    (ref.is_null (table.get $table (i32.const -1)))))
