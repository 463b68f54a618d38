;; attack: a module that ends in the middle of a section
;; expect: invalid-module
(module binary "\00asm\01\00\00\00\01\05\01\60")
