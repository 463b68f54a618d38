;; attack: a byte far behind the end of a file, again and again, so that the host writes zeros;
;;   100 times 200,000 bytes cost more than 100 calls
;; allow: wasi
;; fuel: 300,000
;; expect: out-of-fuel
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_set_size" (func $fd_filestat_set_size (param i32 i64) (result i32)))
  (import "wasi_snapshot_preview1" "fd_pwrite" (func $fd_pwrite (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 1024) "new")
  ;; Ends with 1,000 and the errno found where another was expected.
  (func $expect (param $errno i32) (param $found i32)
    (if (i32.ne (local.get $errno) (local.get $found))
      (then (call $proc_exit (i32.add (i32.const 1000) (local.get $found))))))
  (func (export "_start") (local $times i32)
    (call $expect (i32.const 0) (call $path_open (i32.const 3) (i32.const 0) (i32.const 1024) (i32.const 3) (i32.const 1) (i64.const 0x4001e4) (i64.const 0) (i32.const 0) (i32.const 0)))
    (i32.store (i32.const 12) (i32.const 1))
    (loop $again
      (call $expect (i32.const 0) (call $fd_filestat_set_size (i32.const 5) (i64.const 0)))
      (call $expect (i32.const 0) (call $fd_pwrite (i32.const 5) (i32.const 8) (i32.const 1) (i64.const 200000) (i32.const 4)))
      (local.set $times (i32.add (local.get $times) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $times) (i32.const 100))))))
