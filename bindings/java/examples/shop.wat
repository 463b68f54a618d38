;; A plugin of a shop: a basket that lives from call to call. It asks its host for prices, and gives discounts of its
;; own.
(module
  (import "shop" "price" (func $price (param i32 i32) (result i64)))
  (memory (export "memory") 1)
  (global $total (export "total") (mut i64) (i64.const 0))
  (global $articles (mut i32) (i32.const 0))

  ;; Where the host writes the name of an article to, up to 256 bytes.
  (func (export "name_buffer") (result i32) (i32.const 1024))

  ;; Puts the article into the basket whose name is in the buffer, with so many bytes, and gives the total so far. Every
  ;; third article is half price.
  (func (export "add") (param $length i32) (result i64)
    (local $price i64)
    (local.set $price (call $price (i32.const 1024) (local.get $length)))
    (global.set $articles (i32.add (global.get $articles) (i32.const 1)))
    (if (i32.eqz (i32.rem_u (global.get $articles) (i32.const 3)))
      (then (local.set $price (i64.div_s (local.get $price) (i64.const 2)))))
    (global.set $total (i64.add (global.get $total) (local.get $price)))
    (global.get $total))

  ;; What a plugin does that is wrong, or wicked.
  (func (export "recount") (loop (br 0))))
