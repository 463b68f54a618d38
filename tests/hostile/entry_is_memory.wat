;; attack: a memory in place of the entry
;; expect: export-type
(module (memory (export "_start") 1))
