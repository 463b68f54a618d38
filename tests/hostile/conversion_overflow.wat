;; attack: a float that no integer holds
;; call: convert 1e30
;; expect: trap-integer-overflow
(module
  (func (export "convert") (param f64) (result i64) (i64.trunc_f64_u (local.get 0))))
