;; attack: a table of branches that carry two values, between labels of one height
;; expect: finished 0
(module
  (func $two (param i32) (result i32 i32)
    (block $a (result i32 i32)
      (block $b (result i32 i32)
        (i32.const 1000)
        (i32.const 1)
        (i32.const 2)
        (br_table $a $b (local.get 0)))))
  ;; The status is what is wrong with the values.
  (func (export "execute") (param i32 i32) (result i32)
    (i32.ne (call $two (i32.const 1)) (i32.const 2))
    i32.add
    (i32.sub (i32.const 1))))
