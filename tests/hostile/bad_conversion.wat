;; attack: a NaN as an integer
;; call: convert nan
;; expect: trap-bad-conversion-to-integer
(module
  (func (export "convert") (param f32) (result i32) (i32.trunc_f32_s (local.get 0))))
