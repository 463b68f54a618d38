;; attack: addresses where no memory is exported
;; allow: wasi
;; expect: memory-not-exported
;; text: reaches the guest's memory, which is not exported
(module
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory 1)
  (func (export "_start")
    (call $proc_exit (call $args_get (i32.const 0) (i32.const 0)))))
