;; attack: gigantic counts of buffers, and buffers whose lengths together leave 32 bits; EINVAL
;; allow: wasi
;; output: 
;; expect: finished 0
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_pwrite" (func $fd_pwrite (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 128)
  (data (i32.const 65600) "file")
  ;; Ends with 1,000 and the errno found where another was expected.
  (func $expect (param $errno i32) (param $found i32)
    (if (i32.ne (local.get $errno) (local.get $found))
      (then (call $proc_exit (i32.add (i32.const 1000) (local.get $found))))))
  (func (export "_start") (local $at i32)
    ;; All 2,000 buffers are the whole memory: 16 GB.
    (loop $again
      (i32.store (i32.add (i32.const 4) (local.get $at)) (i32.const 0x800000))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br_if $again (i32.lt_u (local.get $at) (i32.const 16000))))
    (call $expect (i32.const 0) (call $path_open (i32.const 3) (i32.const 0) (i32.const 65600) (i32.const 4) (i32.const 0) (i64.const 0x66) (i64.const 0) (i32.const 0) (i32.const 65536)))
    (call $expect (i32.const 28) (call $fd_write (i32.const 1) (i32.const 0) (i32.const -1) (i32.const 65536)))
    (call $expect (i32.const 28) (call $fd_write (i32.const 1) (i32.const 0) (i32.const 2147483647) (i32.const 65536)))
    (call $expect (i32.const 28) (call $fd_write (i32.const 1) (i32.const 0) (i32.const 536870913) (i32.const 65536)))
    (call $expect (i32.const 28) (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1025) (i32.const 65536)))
    (call $expect (i32.const 28) (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1024) (i32.const 65536)))
    (call $expect (i32.const 28) (call $fd_write (i32.const 1) (i32.const 0) (i32.const 600) (i32.const 65536)))
    (call $expect (i32.const 28) (call $fd_read (i32.const 0) (i32.const 0) (i32.const -1) (i32.const 65536)))
    (call $expect (i32.const 28) (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1025) (i32.const 65536)))
    (call $expect (i32.const 28) (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1024) (i32.const 65536)))
    (call $expect (i32.const 28) (call $fd_read (i32.const 0) (i32.const 0) (i32.const 600) (i32.const 65536)))
    (call $expect (i32.const 28) (call $fd_pwrite (i32.const 5) (i32.const 0) (i32.const 1024) (i64.const 0) (i32.const 65536)))
    ;; Without buffers there is nothing to do.
    (call $expect (i32.const 0) (call $fd_write (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 65536)))
    (call $expect (i32.const 0) (i32.load (i32.const 65536)))))
