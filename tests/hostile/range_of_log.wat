;; attack: a log line that ends one byte behind the memory
;; allow: log
;; expect: fault
(module
  (import "env" "host_log" (func $f (param i32 i32)))
  (memory (export "memory") 1)
  (func (export "execute") (param i32 i32) (result i32)
    (call $f (i32.const 65535) (i32.const 2))
    (i32.const 0)))
