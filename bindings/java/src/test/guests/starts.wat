;; Calls its host when it starts.
(module
  (import "host" "call" (func $call (param i32 i32) (result i32)))
  (start $start)
  (func $start (drop (call $call (i32.const 1) (i32.const 2)))))
