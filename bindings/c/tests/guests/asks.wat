;; Asks its host, which answers later.
(module
  (import "shop" "price" (func $price (param i32 i32) (result i64)))
  (memory (export "memory") 1)
  (data (i32.const 8) "apple")

  ;; Twice the price of what is named in the memory.
  (func (export "twice") (result i64)
    (i64.mul (i64.const 2) (call $price (i32.const 8) (i32.const 5))))

  ;; Asks for what is named outside the memory.
  (func (export "outside") (result i64) (call $price (i32.const 65535) (i32.const 2))))
