;; attack: a missing import whose name speaks of fuel
;; expect: import-unknown
;; text: env.fuel_gauge
(module
  (import "env" "fuel_gauge" (func (result i64)))
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
