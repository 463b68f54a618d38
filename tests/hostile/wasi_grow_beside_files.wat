;; attack: growing memory into what files have taken, and files into what memory has
;; allow: wasi
;; memory: 1MiB
;; denial: refuse
;; expect: finished 0
;; usage.memory_growths_denied: 2
;; usage.peak_memory_bytes: 1MiB
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_set_size" (func $fd_filestat_set_size (param i32 i64) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 1024) "new")
  ;; Ends with 1,000 and the errno found where another was expected.
  (func $expect (param $errno i32) (param $found i32)
    (if (i32.ne (local.get $errno) (local.get $found))
      (then (call $proc_exit (i32.add (i32.const 1000) (local.get $found))))))
  (func (export "_start")
    (call $expect (i32.const 0) (call $path_open (i32.const 3) (i32.const 0) (i32.const 1024) (i32.const 3) (i32.const 1) (i64.const 0x6001e6) (i64.const 0) (i32.const 0) (i32.const 0)))
    (call $expect (i32.const 0) (call $fd_filestat_set_size (i32.const 5) (i64.const 150000)))
    ;; 16 pages in all, of which the memory has 1 and files begin the third: 12 are left.
    (call $expect (i32.const -1) (memory.grow (i32.const 13)))
    (call $expect (i32.const 1) (memory.grow (i32.const 12)))
    ;; And that leaves 3 pages for files, less than their own limit; the name takes 3 bytes of them.
    (call $expect (i32.const 51) (call $fd_filestat_set_size (i32.const 5) (i64.const 196606)))
    (call $expect (i32.const 0) (call $fd_filestat_set_size (i32.const 5) (i64.const 196605)))
    (call $expect (i32.const -1) (memory.grow (i32.const 1)))
    (call $expect (i32.const 0) (call $fd_filestat_set_size (i32.const 5) (i64.const 0)))
    (call $expect (i32.const 13) (memory.grow (i32.const 2)))))
