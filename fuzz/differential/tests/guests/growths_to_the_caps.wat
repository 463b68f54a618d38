;; Grows memories and tables, of 32 bits and of 64, to what all together may have, and asks for one more: 32 pages,
;; 2,000 elements.
(module
  (memory $narrow (export "memory") 1)
  (memory $wide i64 0 20)
  (table $functions 10 funcref)
  (table $others 5 externref)
  (global $seen (mut i32) (i32.const 0))
  (func $note (param i32)
    (global.set $seen (i32.add (i32.mul (global.get $seen) (i32.const 31)) (local.get 0))))
  (func $start
    ;; Once: growths cost much fuel.
    (br_if 0 (global.get $seen))
    (call $note (memory.grow $narrow (i32.const 32)))
    (call $note (i32.wrap_i64 (memory.grow $wide (i64.const 21))))
    (call $note (i32.wrap_i64 (memory.grow $wide (i64.const 20))))
    (call $note (memory.grow $narrow (i32.const 12)))
    (call $note (memory.grow $narrow (i32.const 11)))
    (call $note (memory.grow $narrow (i32.const 1)))
    (call $note (table.grow $others (ref.null extern) (i32.const 1986)))
    (call $note (table.grow $functions (ref.func $note) (i32.const 1985)))
    (call $note (table.grow $others (ref.null extern) (i32.const 1))))
  (elem declare func $note)
  (start $start))
