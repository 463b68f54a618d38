;; attack: more input than there may be
;; allow: input
;; input: hello
;; input_limit: 4
;; expect: input-too-large
;; text: input of 5 bytes, 4 are allowed
(module
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
