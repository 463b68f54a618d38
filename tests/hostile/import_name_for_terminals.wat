;; attack: an import whose name clears the terminal
;; expect: import-unknown
;; text: env.\u{1b}[2J
(module
  (import "env" "\1b[2J" (func))
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
