;; Does what the first letter of the body says: it fails in one way or the other.
(module
  (import "http" "read" (func $read (param i32 i32) (result i32)))
  (import "http" "write" (func $write (param i32 i32) (result i32)))
  (import "http" "status" (func $status (param i32)))
  (memory (export "memory") 1)
  (func (export "_start") (local $letter i32)
    (drop (call $read (i32.const 0) (i32.const 1)))
    (local.set $letter (i32.load8_u (i32.const 0)))
    ;; 't' traps
    (if (i32.eq (local.get $letter) (i32.const 116)) (then unreachable))
    ;; 'c' traps in the middle of its answer
    (if (i32.eq (local.get $letter) (i32.const 99)) (then
      (drop (call $write (i32.const 0) (i32.const 1)))
      unreachable))
    ;; 'm' reads to where it has no memory
    (if (i32.eq (local.get $letter) (i32.const 109)) (then
      (drop (call $read (i32.const -1) (i32.const 1)))))
    ;; 's' says a status that there is not
    (if (i32.eq (local.get $letter) (i32.const 115)) (then
      (call $status (i32.const 7))))
    ;; 'p' answers with a status of its own
    (if (i32.eq (local.get $letter) (i32.const 112)) (then
      (call $status (i32.const 418))))))
