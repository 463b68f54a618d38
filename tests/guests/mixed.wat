;; shows: calls of every kind, bulk operations, growth, host calls and br_table do not depend on slices
;; allow: protocol, host, random, clock
;; input: some input to chew on
;; expect: finished 0
;; output: some input to chew on
(module
  (import "env" "host_read_input" (func $read (param i32 i32) (result i32)))
  (import "env" "host_write_output" (func $write (param i32 i32)))
  (import "env" "host_log" (func $log (param i32 i32)))
  (import "env" "host_read_random" (func $random (param i32 i32)))
  (import "env" "host_get_time_nanos" (func $time (result i64)))
  (import "host" "twice" (func $twice (param i32) (result i32)))
  (type $unary (func (param i32) (result i32)))
  (memory (export "memory") 2)
  (table $table 4 funcref)
  (elem (i32.const 0) $fib $twice $branch)
  (global $sum (mut i32) (i32.const 0))
  (data $passive "bytes of a passive segment")
  (func $fib (type $unary)
    (if (result i32) (i32.lt_s (local.get 0) (i32.const 2))
      (then (local.get 0))
      (else (i32.add
        (call $fib (i32.sub (local.get 0) (i32.const 1)))
        (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
  (func $branch (type $unary)
    (block $c (block $b (block $a
      (br_table $a $b $c (i32.rem_u (local.get 0) (i32.const 3))))
      (return (i32.const 10)))
      (return (i32.const 20)))
    (i32.const 30))
  (func $round (param $n i32)
    (global.set $sum (i32.add (global.get $sum)
      (call_indirect (type $unary) (local.get $n) (i32.rem_u (local.get $n) (i32.const 3)))))
    (memory.fill (i32.const 0x8000) (local.get $n) (i32.const 3000))
    (memory.copy (i32.const 0xA000) (i32.const 0x8000) (i32.const 2000))
    (memory.init $passive (i32.const 0xC000) (i32.const 0) (i32.const 26))
    (call $random (i32.const 0xD000) (i32.const 100))
    (global.set $sum (i32.add (global.get $sum) (i32.load (i32.const 0xD000))))
    (global.set $sum (i32.add (global.get $sum) (i32.wrap_i64 (call $time))))
    (drop (memory.grow (i32.const 1)))
    (call $log (i32.const 0xD000) (i32.const 20)))
  (func (export "execute") (param i32 i32) (result i32)
    (local $n i32)
    (loop $again
      (call $round (local.get $n))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $n) (i32.const 12))))
    (call $write (i32.const 0) (call $read (i32.const 0) (i32.const 100)))
    (i32.const 0)))
