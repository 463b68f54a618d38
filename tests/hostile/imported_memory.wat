;; attack: a memory of the host, which no capability offers
;; allow: protocol
;; expect: import-unknown
;; text: env.memory (memory 1 or more pages
(module
  (import "env" "memory" (memory 1))
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
