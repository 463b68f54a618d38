;; attack: opening a file 2,000 times
;; allow: wasi
;; expect: finished 0
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_filestat_get" (func $path_filestat_get (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_renumber" (func $fd_renumber (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 1024) "file")
  (data (i32.const 1040) "new")
  ;; Ends with 1,000 and the errno found where another was expected.
  (func $expect (param $errno i32) (param $found i32)
    (if (i32.ne (local.get $errno) (local.get $found))
      (then (call $proc_exit (i32.add (i32.const 1000) (local.get $found))))))
  (func (export "_start") (local $asked i32) (local $opened i32) (local $errno i32)
    (loop $again
      (local.set $errno (call $path_open (i32.const 3) (i32.const 0) (i32.const 1024) (i32.const 4) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 0)))
      (if (i32.eqz (local.get $errno))
        (then (local.set $opened (i32.add (local.get $opened) (i32.const 1)))))
      (local.set $asked (i32.add (local.get $asked) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $asked) (i32.const 2000))))
    ;; EMFILE; 3 streams and 2 directories were open before.
    (call $expect (i32.const 33) (local.get $errno))
    (call $expect (i32.const 1019) (local.get $opened))
    ;; Nothing was made on the way to that.
    (call $expect (i32.const 33) (call $path_open (i32.const 3) (i32.const 0) (i32.const 1040) (i32.const 3) (i32.const 1) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 0)))
    (call $expect (i32.const 44) (call $path_filestat_get (i32.const 3) (i32.const 0) (i32.const 1040) (i32.const 3) (i32.const 64)))
    ;; One that is closed can be opened again, and no number is beyond the others.
    (call $expect (i32.const 0) (call $fd_close (i32.const 500)))
    (call $expect (i32.const 0) (call $path_open (i32.const 3) (i32.const 0) (i32.const 1024) (i32.const 4) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 0)))
    (call $expect (i32.const 500) (i32.load (i32.const 0)))
    (call $expect (i32.const 8) (call $fd_renumber (i32.const 500) (i32.const 1000000)))
    (call $expect (i32.const 8) (call $fd_close (i32.const 1024)))))
