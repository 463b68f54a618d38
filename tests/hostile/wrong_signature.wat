;; attack: a known function of another type
;; allow: protocol
;; expect: import-type
;; text: import env.host_log is function (i32, i32) -> (), the module wants function (i32, i64) -> ()
(module
  (import "env" "host_log" (func (param i32 i64)))
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
