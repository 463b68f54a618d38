;; attack: a block behind the end of a function, at which the interpreter panics
;; expect: invalid-module
(module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\0a\08\01\06\00\0b\03\40\0b\0b")
