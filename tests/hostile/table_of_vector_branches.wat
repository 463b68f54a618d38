;; attack: a table of branches that carry one vector, between labels of one height
;; expect: finished 0
(module
  (func $vector (param v128 i32) (result v128)
    (block $a (result v128)
      (block $b (result v128)
        (i32.const 1000)
        (local.get 0)
        (br_table $a $b (local.get 1)))))
  (func (export "execute") (param i32 i32) (result i32)
    (i64.ne
      (i64x2.extract_lane 1 (call $vector (v128.const i64x2 3 4) (i32.const 1)))
      (i64.const 4))))
