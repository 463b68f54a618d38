;; attack: paths that lead above a directory, by dots, by links, by a root, and links that lead round
;; allow: wasi
;; expect: finished 0
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_filestat_get" (func $path_filestat_get (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_create_directory" (func $path_create_directory (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_symlink" (func $path_symlink (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_rename" (func $path_rename (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_link" (func $path_link (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_unlink_file" (func $path_unlink_file (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 1024) "..")
  (data (i32.const 1056) "../kept/file")
  (data (i32.const 1088) "/file")
  (data (i32.const 1120) "/")
  (data (i32.const 1152) "dir/../../kept")
  (data (i32.const 1184) "./../x")
  (data (i32.const 1216) "up")
  (data (i32.const 1248) "up/kept/file")
  (data (i32.const 1280) "root")
  (data (i32.const 1312) "dir/.././..")
  (data (i32.const 1344) "round")
  (data (i32.const 1376) "ping")
  (data (i32.const 1408) "round/x")
  (data (i32.const 1440) "ping/y")
  (data (i32.const 1472) "../new")
  (data (i32.const 1504) "file")
  ;; Ends with 1,000 and the errno found where another was expected.
  (func $expect (param $errno i32) (param $found i32)
    (if (i32.ne (local.get $errno) (local.get $found))
      (then (call $proc_exit (i32.add (i32.const 1000) (local.get $found))))))
  (func (export "_start")
    ;; ..
    (call $expect (i32.const 76) (call $path_open (i32.const 3) (i32.const 1) (i32.const 1024) (i32.const 2) (i32.const 0) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 0)))
    (call $expect (i32.const 76) (call $path_filestat_get (i32.const 3) (i32.const 1) (i32.const 1024) (i32.const 2) (i32.const 0)))
    ;; ../kept/file
    (call $expect (i32.const 76) (call $path_open (i32.const 3) (i32.const 1) (i32.const 1056) (i32.const 12) (i32.const 0) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 0)))
    (call $expect (i32.const 76) (call $path_filestat_get (i32.const 3) (i32.const 1) (i32.const 1056) (i32.const 12) (i32.const 0)))
    ;; /file
    (call $expect (i32.const 76) (call $path_open (i32.const 3) (i32.const 1) (i32.const 1088) (i32.const 5) (i32.const 0) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 0)))
    (call $expect (i32.const 76) (call $path_filestat_get (i32.const 3) (i32.const 1) (i32.const 1088) (i32.const 5) (i32.const 0)))
    ;; /
    (call $expect (i32.const 76) (call $path_open (i32.const 3) (i32.const 1) (i32.const 1120) (i32.const 1) (i32.const 0) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 0)))
    (call $expect (i32.const 76) (call $path_filestat_get (i32.const 3) (i32.const 1) (i32.const 1120) (i32.const 1) (i32.const 0)))
    ;; dir/../../kept
    (call $expect (i32.const 76) (call $path_open (i32.const 3) (i32.const 1) (i32.const 1152) (i32.const 14) (i32.const 0) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 0)))
    (call $expect (i32.const 76) (call $path_filestat_get (i32.const 3) (i32.const 1) (i32.const 1152) (i32.const 14) (i32.const 0)))
    ;; ./../x
    (call $expect (i32.const 76) (call $path_open (i32.const 3) (i32.const 1) (i32.const 1184) (i32.const 6) (i32.const 0) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 0)))
    (call $expect (i32.const 76) (call $path_filestat_get (i32.const 3) (i32.const 1) (i32.const 1184) (i32.const 6) (i32.const 0)))
    ;; up
    (call $expect (i32.const 76) (call $path_open (i32.const 3) (i32.const 1) (i32.const 1216) (i32.const 2) (i32.const 0) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 0)))
    (call $expect (i32.const 76) (call $path_filestat_get (i32.const 3) (i32.const 1) (i32.const 1216) (i32.const 2) (i32.const 0)))
    ;; up/kept/file
    (call $expect (i32.const 76) (call $path_open (i32.const 3) (i32.const 1) (i32.const 1248) (i32.const 12) (i32.const 0) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 0)))
    (call $expect (i32.const 76) (call $path_filestat_get (i32.const 3) (i32.const 1) (i32.const 1248) (i32.const 12) (i32.const 0)))
    ;; root
    (call $expect (i32.const 76) (call $path_open (i32.const 3) (i32.const 1) (i32.const 1280) (i32.const 4) (i32.const 0) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 0)))
    (call $expect (i32.const 76) (call $path_filestat_get (i32.const 3) (i32.const 1) (i32.const 1280) (i32.const 4) (i32.const 0)))
    ;; dir/.././..
    (call $expect (i32.const 76) (call $path_open (i32.const 3) (i32.const 1) (i32.const 1312) (i32.const 11) (i32.const 0) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 0)))
    (call $expect (i32.const 76) (call $path_filestat_get (i32.const 3) (i32.const 1) (i32.const 1312) (i32.const 11) (i32.const 0)))
    ;; Links that lead round.
    (call $expect (i32.const 32) (call $path_open (i32.const 3) (i32.const 1) (i32.const 1344) (i32.const 5) (i32.const 0) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 0)))
    (call $expect (i32.const 32) (call $path_filestat_get (i32.const 3) (i32.const 1) (i32.const 1344) (i32.const 5) (i32.const 0)))
    (call $expect (i32.const 32) (call $path_open (i32.const 3) (i32.const 1) (i32.const 1376) (i32.const 4) (i32.const 0) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 0)))
    (call $expect (i32.const 32) (call $path_filestat_get (i32.const 3) (i32.const 1) (i32.const 1376) (i32.const 4) (i32.const 0)))
    (call $expect (i32.const 32) (call $path_open (i32.const 3) (i32.const 1) (i32.const 1408) (i32.const 7) (i32.const 0) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 0)))
    (call $expect (i32.const 32) (call $path_filestat_get (i32.const 3) (i32.const 1) (i32.const 1408) (i32.const 7) (i32.const 0)))
    (call $expect (i32.const 32) (call $path_open (i32.const 3) (i32.const 1) (i32.const 1440) (i32.const 6) (i32.const 0) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 0)))
    (call $expect (i32.const 32) (call $path_filestat_get (i32.const 3) (i32.const 1) (i32.const 1440) (i32.const 6) (i32.const 0)))
    ;; Nothing is made above either.
    (call $expect (i32.const 76) (call $path_create_directory (i32.const 3) (i32.const 1472) (i32.const 6)))
    (call $expect (i32.const 76) (call $path_symlink (i32.const 1472) (i32.const 6) (i32.const 3) (i32.const 1472) (i32.const 6)))
    (call $expect (i32.const 76) (call $path_rename (i32.const 3) (i32.const 1472) (i32.const 6) (i32.const 3) (i32.const 1024) (i32.const 2)))
    (call $expect (i32.const 76) (call $path_unlink_file (i32.const 3) (i32.const 1472) (i32.const 6)))
    (call $expect (i32.const 76) (call $path_open (i32.const 3) (i32.const 0) (i32.const 1472) (i32.const 6) (i32.const 1) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 0)))
    ;; One tree does not lead to another, and what is read-only stays as it is.
    (call $expect (i32.const 75) (call $path_rename (i32.const 3) (i32.const 1504) (i32.const 4) (i32.const 4) (i32.const 1504) (i32.const 4)))
    (call $expect (i32.const 75) (call $path_link (i32.const 3) (i32.const 0) (i32.const 1504) (i32.const 4) (i32.const 4) (i32.const 1504) (i32.const 4)))
    (call $expect (i32.const 69) (call $path_unlink_file (i32.const 4) (i32.const 1504) (i32.const 4)))
    (call $expect (i32.const 69) (call $path_open (i32.const 4) (i32.const 0) (i32.const 1504) (i32.const 4) (i32.const 0) (i64.const 0x40) (i64.const 0) (i32.const 0) (i32.const 0)))))
