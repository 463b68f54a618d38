;; attack: more memory from the start than there may be
;; memory: 128KiB
;; expect: initial-memory
;; text: 196608 bytes of memory, 131072 are allowed
(module
  (memory 3)
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
