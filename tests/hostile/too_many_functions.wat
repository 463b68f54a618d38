;; attack: more functions than a module may have
;; functions: 0
;; expect: module-limit
;; text: functions
(module
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
