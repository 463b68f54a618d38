;; shows: the bits of a NaN are the same everywhere
;; call: nan
;; expect: finished 0
;; values: [2143289344] [9221120237041090560]
(module
  (func (export "nan") (result i32 i64)
    (i32.reinterpret_f32 (f32.div (f32.const 0) (f32.const 0)))
    (i64.reinterpret_f64 (f64.sqrt (f64.const -1)))))
