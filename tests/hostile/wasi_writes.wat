;; attack: writing past the limit of bytes, in every way
;; allow: wasi
;; expect: finished 0
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_get" (func $fd_filestat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_pwrite" (func $fd_pwrite (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_set_size" (func $fd_filestat_set_size (param i32 i64) (result i32)))
  (import "wasi_snapshot_preview1" "fd_allocate" (func $fd_allocate (param i32 i64 i64) (result i32)))
  (import "wasi_snapshot_preview1" "fd_seek" (func $fd_seek (param i32 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_advise" (func $fd_advise (param i32 i64 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 1024) "new")
  ;; Ends with 1,000 and the errno found where another was expected.
  (func $expect (param $errno i32) (param $found i32)
    (if (i32.ne (local.get $errno) (local.get $found))
      (then (call $proc_exit (i32.add (i32.const 1000) (local.get $found))))))
  (func (export "_start")
    (call $expect (i32.const 0) (call $path_open (i32.const 3) (i32.const 0) (i32.const 1024) (i32.const 3) (i32.const 1) (i64.const 0x6001e6) (i64.const 0) (i32.const 0) (i32.const 0)))
    (i32.store (i32.const 12) (i32.const 65536))
    (loop $again
      (br_if $again (i32.eqz (call $fd_write (i32.const 5) (i32.const 8) (i32.const 1) (i32.const 4)))))
    (call $expect (i32.const 51) (call $fd_write (i32.const 5) (i32.const 8) (i32.const 1) (i32.const 4)))
    ;; Never more than 256 KiB, its name and what the file takes included.
    (call $expect (i32.const 0) (call $fd_filestat_get (i32.const 5) (i32.const 1088)))
    (if (i64.gt_u (i64.load (i32.const 1120)) (i64.const 262141)) (then unreachable))
    (if (i64.lt_u (i64.load (i32.const 1120)) (i64.const 262000)) (then unreachable))
    ;; Nor by any other way: at an offset, by size, by allocation.
    (i32.store (i32.const 12) (i32.const 1))
    (call $expect (i32.const 51) (call $fd_pwrite (i32.const 5) (i32.const 8) (i32.const 1) (i64.const 0x100000000) (i32.const 4)))
    (call $expect (i32.const 51) (call $fd_pwrite (i32.const 5) (i32.const 8) (i32.const 1) (i64.const 0x4000000000000000) (i32.const 4)))
    (call $expect (i32.const 22) (call $fd_pwrite (i32.const 5) (i32.const 8) (i32.const 1) (i64.const -1) (i32.const 4)))
    (call $expect (i32.const 22) (call $fd_pwrite (i32.const 5) (i32.const 8) (i32.const 1) (i64.const 0x7fffffffffffffff) (i32.const 4)))
    (call $expect (i32.const 51) (call $fd_filestat_set_size (i32.const 5) (i64.const 0x4000000000000000)))
    (call $expect (i32.const 22) (call $fd_filestat_set_size (i32.const 5) (i64.const -1)))
    (call $expect (i32.const 51) (call $fd_allocate (i32.const 5) (i64.const 0) (i64.const 0x10000000000)))
    (call $expect (i32.const 22) (call $fd_allocate (i32.const 5) (i64.const -1) (i64.const 1)))
    (call $expect (i32.const 28) (call $fd_seek (i32.const 5) (i64.const -1) (i32.const 0) (i32.const 0)))
    (call $expect (i32.const 28) (call $fd_advise (i32.const 5) (i64.const -1) (i64.const 2) (i32.const 0)))
    ;; What is given back can be allocated again.
    (call $expect (i32.const 0) (call $fd_filestat_set_size (i32.const 5) (i64.const 0)))
    (call $expect (i32.const 0) (call $fd_pwrite (i32.const 5) (i32.const 8) (i32.const 1) (i64.const 200000) (i32.const 4)))))
