;; Calls functions of the host.
(module
  (import "env" "shout" (func $shout (param i32 i32) (result i32)))
  (import "env" "price" (func $price (param i32) (result i64)))
  (memory (export "memory") 1)
  (data (i32.const 8) "hello")

  ;; Lets the host make a text in the memory capital; gives its first letter.
  (func (export "shout") (result i32)
    (drop (call $shout (i32.const 8) (i32.const 5)))
    (i32.load8_u (i32.const 8)))

  ;; Hands over a range that lies outside the memory.
  (func (export "outside") (result i32) (call $shout (i32.const 65535) (i32.const 2)))

  (func (export "price") (param i32) (result i64) (call $price (local.get 0))))
