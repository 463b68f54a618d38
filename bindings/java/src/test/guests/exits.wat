;; A program of WASI that exits with a status instead of returning.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func (export "exits") (param i32) (call $exit (local.get 0)))
  (func (export "returns") (result i32) (i32.const 1)))
