;; attack: nothing in place of a module
;; expect: invalid-module
(module binary)
