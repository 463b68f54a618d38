;; attack: a failing host function whose text says that fuel is out
;; allow: host
;; expect: host-function
;; text: out of fuel, says the host
(module
  (import "host" "fail" (func $fail))
  (func (export "execute") (param i32 i32) (result i32) (call $fail) (i32.const 0)))
