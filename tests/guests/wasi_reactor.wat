;; shows: a reactor is initialised, then its export is called
;; allow: wasi
;; call: twice 21
;; expect: finished 0
;; output: ready
;; values: [42]
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\10\00\00\00\05\00\00\00")
  (data (i32.const 16) "ready")
  (func (export "_initialize")
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func (export "twice") (param i32) (result i32)
    (i32.add (local.get 0) (local.get 0))))
