;; attack: more bytes than a module may have
;; module_bytes: 16
;; expect: module-limit
;; text: module_bytes
(module
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
