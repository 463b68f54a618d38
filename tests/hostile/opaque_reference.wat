;; attack: a reference that leaves the guest: seen, and good for nothing
;; call: leak
;; expect: finished 0
;; values: [a function]
(module
  (func $secret)
  (elem declare func $secret)
  (func (export "leak") (result funcref) (ref.func $secret)))
