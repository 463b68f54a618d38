;; attack: a global where a function is offered
;; allow: protocol
;; expect: import-type
;; text: the module wants global mut i32
(module
  (import "env" "host_log" (global (mut i32)))
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
