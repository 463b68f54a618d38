;; attack: a memory where a function is offered
;; allow: protocol
;; expect: import-type
;; text: the module wants memory 1 to 2 pages of 65536 bytes
(module
  (import "env" "host_read_input" (memory 1 2))
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
