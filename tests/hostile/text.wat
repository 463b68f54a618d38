;; attack: text in place of a module
;; expect: text-module
(module binary "(module)")
