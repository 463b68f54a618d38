;; attack: a million files, of which the tree takes 2,000
;; allow: wasi
;; expect: finished 0
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_create_directory" (func $path_create_directory (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_symlink" (func $path_symlink (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_link" (func $path_link (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_unlink_file" (func $path_unlink_file (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 2048) "file")
  ;; Ends with 1,000 and the errno found where another was expected.
  (func $expect (param $errno i32) (param $found i32)
    (if (i32.ne (local.get $errno) (local.get $found))
      (then (call $proc_exit (i32.add (i32.const 1000) (local.get $found))))))
  (func (export "_start") (local $made i32) (local $rest i32) (local $at i32) (local $errno i32)
    (loop $again
      ;; The name is the number in letters.
      (local.set $rest (local.get $made))
      (local.set $at (i32.const 1031))
      (loop $letters
        (i32.store8 (local.get $at) (i32.add (i32.const 97) (i32.rem_u (local.get $rest) (i32.const 16))))
        (local.set $rest (i32.shr_u (local.get $rest) (i32.const 4)))
        (local.set $at (i32.sub (local.get $at) (i32.const 1)))
        (br_if $letters (i32.ge_u (local.get $at) (i32.const 1024))))
      (local.set $errno (call $path_open (i32.const 3) (i32.const 0) (i32.const 1024) (i32.const 8) (i32.const 5) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 0)))
      (if (i32.eqz (local.get $errno))
        (then
          (drop (call $fd_close (i32.load (i32.const 0))))
          (local.set $made (i32.add (local.get $made) (i32.const 1)))
          (br_if $again (i32.lt_u (local.get $made) (i32.const 1000000))))))
    (call $expect (i32.const 51) (local.get $errno))
    (call $expect (i32.const 2000) (local.get $made))
    ;; Nor links, nor directories.
    (call $expect (i32.const 51) (call $path_create_directory (i32.const 3) (i32.const 1024) (i32.const 8)))
    (call $expect (i32.const 51) (call $path_symlink (i32.const 1024) (i32.const 8) (i32.const 3) (i32.const 1024) (i32.const 8)))
    (call $expect (i32.const 51) (call $path_link (i32.const 3) (i32.const 0) (i32.const 2048) (i32.const 4) (i32.const 3) (i32.const 1024) (i32.const 8)))
    ;; But a file that goes leaves its place.
    (call $expect (i32.const 0) (call $path_unlink_file (i32.const 3) (i32.const 2048) (i32.const 4)))))
