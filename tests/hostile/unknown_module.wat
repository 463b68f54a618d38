;; attack: a known name in an unknown module
;; allow: protocol
;; expect: import-unknown
(module
  (import "wasi_snapshot_preview1" "host_log" (func (param i32 i32)))
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
