;; attack: a file of 200,000 bytes by a guest that can pay for a tenth of them
;; allow: wasi
;; fuel: 500
;; expect: out-of-fuel
;; usage.peak_memory_bytes: 65,539
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_set_size" (func $fd_filestat_set_size (param i32 i64) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 1024) "new")
  (func (export "_start")
    (drop (call $path_open (i32.const 3) (i32.const 0) (i32.const 1024) (i32.const 3) (i32.const 1) (i64.const 0x400000) (i64.const 0) (i32.const 0) (i32.const 0)))
    ;; The memory and the name are all there is when the run ends.
    (drop (call $fd_filestat_set_size (i32.const 5) (i64.const 200000)))))
