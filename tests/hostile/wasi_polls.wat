;; attack: waiting for 10,000 events and more, and for what is none
;; allow: wasi
;; expect: finished 0
(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 16)
  ;; Ends with 1,000 and the errno found where another was expected.
  (func $expect (param $errno i32) (param $found i32)
    (if (i32.ne (local.get $errno) (local.get $found))
      (then (call $proc_exit (i32.add (i32.const 1000) (local.get $found))))))
  (func (export "_start")
    (call $expect (i32.const 28) (call $poll_oneoff (i32.const 0) (i32.const 0) (i32.const 10000) (i32.const 65528)))
    (call $expect (i32.const 28) (call $poll_oneoff (i32.const 0) (i32.const 0) (i32.const -1) (i32.const 65528)))
    (call $expect (i32.const 28) (call $poll_oneoff (i32.const 0) (i32.const 0) (i32.const 89478486) (i32.const 65528)))
    (call $expect (i32.const 28) (call $poll_oneoff (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 65528)))
    ;; A kind that is none, a clock that is none: events that failed.
    (i32.store8 (i32.const 8) (i32.const 9))
    (i32.store (i32.const 64) (i32.const 99))
    (call $expect (i32.const 0) (call $poll_oneoff (i32.const 0) (i32.const 1024) (i32.const 2) (i32.const 65528)))
    (call $expect (i32.const 2) (i32.load (i32.const 65528)))
    (call $expect (i32.const 28) (i32.load16_u (i32.const 1032)))
    (call $expect (i32.const 28) (i32.load16_u (i32.const 1064)))))
