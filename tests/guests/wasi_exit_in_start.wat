;; shows: a guest may exit before its entry, in its start function
;; allow: wasi
;; expect: finished -5
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (func $start (call $proc_exit (i32.const -5)))
  (start $start)
  (func (export "_start") unreachable))
