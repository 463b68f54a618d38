;; Answers with the body in capital letters, piece by piece: it never has more than 64 KiB of it.
(module
  (import "http" "read" (func $read (param i32 i32) (result i32)))
  (import "http" "write" (func $write (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start") (local $len i32)
    (loop $next
      (local.set $len (call $read (i32.const 0) (i32.const 65536)))
      (if (local.get $len) (then
        (call $upper (local.get $len))
        (call $write_all (local.get $len))
        (br $next)))))
  (func $upper (param $len i32) (local $i i32) (local $letter i32)
    (loop $next
      (local.set $letter (i32.load8_u (local.get $i)))
      (if (i32.lt_u (i32.sub (local.get $letter) (i32.const 97)) (i32.const 26)) (then
        (i32.store8 (local.get $i) (i32.sub (local.get $letter) (i32.const 32)))))
      (br_if $next (i32.lt_u
        (local.tee $i (i32.add (local.get $i) (i32.const 1)))
        (local.get $len)))))
  ;; As much is taken at once as the host likes.
  (func $write_all (param $len i32) (local $at i32)
    (loop $next
      (local.set $at (i32.add (local.get $at)
        (call $write (local.get $at) (i32.sub (local.get $len) (local.get $at)))))
      (br_if $next (i32.lt_u (local.get $at) (local.get $len))))))
