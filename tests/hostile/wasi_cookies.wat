;; attack: listings from forged cookies
;; allow: wasi
;; expect: finished 0
(module
  (import "wasi_snapshot_preview1" "fd_readdir" (func $fd_readdir (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  ;; Ends with 1,000 and the errno found where another was expected.
  (func $expect (param $errno i32) (param $found i32)
    (if (i32.ne (local.get $errno) (local.get $found))
      (then (call $proc_exit (i32.add (i32.const 1000) (local.get $found))))))
  (func (export "_start")
    (call $expect (i32.const 0) (call $fd_readdir (i32.const 3) (i32.const 1024) (i32.const 4096) (i64.const -1) (i32.const 0)))
    (call $expect (i32.const 0) (i32.load (i32.const 0)))
    (call $expect (i32.const 0) (call $fd_readdir (i32.const 3) (i32.const 1024) (i32.const 4096) (i64.const 0x8000000000000000) (i32.const 0)))
    (call $expect (i32.const 0) (i32.load (i32.const 0)))
    (call $expect (i32.const 0) (call $fd_readdir (i32.const 3) (i32.const 1024) (i32.const 4096) (i64.const 0x7fffffffffffffff) (i32.const 0)))
    (call $expect (i32.const 0) (i32.load (i32.const 0)))
    (call $expect (i32.const 0) (call $fd_readdir (i32.const 3) (i32.const 1024) (i32.const 4096) (i64.const 1000000007) (i32.const 0)))
    (call $expect (i32.const 0) (i32.load (i32.const 0)))
    ;; In no room nothing is listed, in little room a piece.
    (call $expect (i32.const 0) (call $fd_readdir (i32.const 3) (i32.const 1024) (i32.const 0) (i64.const 0) (i32.const 0)))
    (call $expect (i32.const 0) (i32.load (i32.const 0)))
    (call $expect (i32.const 0) (call $fd_readdir (i32.const 3) (i32.const 1024) (i32.const 5) (i64.const 0) (i32.const 0)))
    (call $expect (i32.const 5) (i32.load (i32.const 0)))
    ;; A stream and a directory that is not open have no listing.
    (call $expect (i32.const 54) (call $fd_readdir (i32.const 1) (i32.const 1024) (i32.const 5) (i64.const 0) (i32.const 0)))
    (call $expect (i32.const 8) (call $fd_readdir (i32.const 99) (i32.const 1024) (i32.const 5) (i64.const 0) (i32.const 0)))))
