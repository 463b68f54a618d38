;; shows: the export that stands for the start function cannot be called
;; call: fuelbox:start
;; expect: export-missing
(module
  (func $start)
  (start $start)
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
