;; attack: a module that says it has 4 billion types
;; expect: module-limit
(module binary "\00asm\01\00\00\00\01\05\ff\ff\ff\ff\0f")
