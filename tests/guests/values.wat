;; shows: a called export returns its values, of every type
;; call: all 7 -8 1.5 -0.0
;; expect: finished 0
;; values: [7] [-8] [1.5] [-0] [null] [null]
(module
  (func (export "all") (param i32 i64 f32 f64) (result i32 i64 f32 f64 funcref externref)
    (local.get 0) (local.get 1) (local.get 2) (local.get 3) (ref.null func) (ref.null extern)))
