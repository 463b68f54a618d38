;; A program of WASI: writes its first argument to its output and into the file /out, then exits with the number of its
;; arguments.
(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "out")

  (func (export "_start")
    ;; The number of arguments to 0, pointers to 128, their bytes to 256.
    (drop (call $sizes (i32.const 0) (i32.const 4)))
    (drop (call $args (i32.const 128) (i32.const 256)))
    ;; Five bytes of argument 1.
    (i32.store (i32.const 16) (i32.load (i32.const 132)))
    (i32.store (i32.const 20) (i32.const 5))
    (drop (call $write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 24)))
    ;; Made if it is not there, below the first mount.
    (if (i32.eqz (call $open (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 3) (i32.const 1)
          (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 32)))
      (then (drop (call $write (i32.load (i32.const 32)) (i32.const 16) (i32.const 1) (i32.const 24)))))
    (call $exit (i32.load (i32.const 0)))))
