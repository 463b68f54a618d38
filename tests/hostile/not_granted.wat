;; attack: an import that was not granted
;; allow: input, output
;; expect: import-not-granted
;; text: import env.host_log is not granted
(module
  (import "env" "host_log" (func (param i32 i32)))
  (func $start unreachable)
  (start $start)
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
