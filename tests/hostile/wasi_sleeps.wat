;; attack: sleeping for centuries, without end
;; allow: wasi
;; fuel: 100,000
;; expect: out-of-fuel
(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  ;; Ends with 1,000 and the errno found where another was expected.
  (func $expect (param $errno i32) (param $found i32)
    (if (i32.ne (local.get $errno) (local.get $found))
      (then (call $proc_exit (i32.add (i32.const 1000) (local.get $found))))))
  (func (export "_start")
    ;; Until the clock can go no further.
    (i64.store (i32.const 24) (i64.const -1))
    (loop $again
      (call $expect (i32.const 0) (call $poll_oneoff (i32.const 0) (i32.const 1024) (i32.const 1) (i32.const 2048)))
      (br $again))))
