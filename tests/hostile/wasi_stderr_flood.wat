;; attack: a flood on the error stream
;; allow: wasi
;; fuel: 200,000
;; expect: out-of-fuel
;; output: 
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  ;; Ends with 1,000 and the errno found where another was expected.
  (func $expect (param $errno i32) (param $found i32)
    (if (i32.ne (local.get $errno) (local.get $found))
      (then (call $proc_exit (i32.add (i32.const 1000) (local.get $found))))))
  (func (export "_start")
    (i32.store (i32.const 12) (i32.const 65536))
    (loop $again
      (call $expect (i32.const 0) (call $fd_write (i32.const 2) (i32.const 8) (i32.const 1) (i32.const 0)))
      (br $again))))
