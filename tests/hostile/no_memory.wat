;; attack: a range where no memory is exported
;; allow: log
;; expect: memory-not-exported
;; text: not exported
(module
  (import "env" "host_log" (func $log (param i32 i32)))
  (memory 1)
  (func (export "execute") (param i32 i32) (result i32)
    (call $log (i32.const 0) (i32.const 0))
    (i32.const 0)))
