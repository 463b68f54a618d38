;; The guest of the self-check in dispatch.rs. Each loop calls `begin`, then `mark` in every round,
;; with one kind of operation in between. After a change make dispatch.wasm again:
;;   wasm-tools parse dispatch.wat -o dispatch.wasm
;; A test says whether it is stale. Growth by more than nothing is left out: see
;; module/rewrite/growth.rs.
(module
  (import "probe" "begin" (func $begin))
  (import "probe" "mark" (func $mark))

  (type $binary (func (param i32 i32) (result i32)))
  (memory 1)
  (table $table 8 funcref)
  (elem (i32.const 0) $add $sub)
  (elem $passive func $add)
  (data $bytes "bytes of a passive segment")
  (global $i32 (mut i32) (i32.const 0))
  (global $i64 (mut i64) (i64.const 0))
  (global $f64 (mut f64) (f64.const 0))

  (func $add (type $binary) (i32.add (local.get 0) (local.get 1)))
  (func $sub (type $binary) (i32.sub (local.get 0) (local.get 1)))
  (func $jump (type $binary) (return_call $add (local.get 0) (local.get 1)))
  (func $jump_indirect (type $binary)
    (return_call_indirect (type $binary) (local.get 0) (local.get 1) (i32.const 1)))
  (func $two (param i32) (result i32 i64) (local.get 0) (i64.extend_i32_s (local.get 0)))
  (func $deep (param $left i32)
    (call $mark)
    (if (local.get $left) (then (call $deep (i32.sub (local.get $left) (i32.const 1))))))

  (func $integers (param $left i32) (local $x i32) (local $y i64)
    (call $begin)
    (loop $again
      (call $mark)
      (local.set $x (i32.xor (i32.mul (local.get $left) (i32.const 31)) (i32.shl (local.get $x) (i32.const 3))))
      (local.set $x (i32.or (i32.rotl (local.get $x) (i32.const 5)) (i32.clz (local.get $x))))
      (local.set $x (i32.div_u (local.get $x) (i32.const 7)))
      (local.set $x (i32.rem_s (local.get $x) (i32.const 1000)))
      (local.set $y (i64.add (local.get $y) (i64.extend_i32_u (local.get $x))))
      (local.set $y (i64.mul (local.get $y) (i64.popcnt (local.get $y))))
      (local.set $y (i64.shr_s (local.get $y) (i64.const 2)))
      (local.set $x (i32.add (local.get $x) (i64.lt_s (local.get $y) (i64.const 9))))
      (local.set $x (select (local.get $x) (local.get $left) (i32.eqz (local.get $x))))
      (local.set $x (i32.extend8_s (i32.wrap_i64 (local.get $y))))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1))))))

  (func $floats (param $left i32) (local $x f64) (local $y f32)
    (call $begin)
    (loop $again
      (call $mark)
      (local.set $x (f64.add (f64.sqrt (local.get $x)) (f64.convert_i32_s (local.get $left))))
      (local.set $x (f64.div (f64.mul (local.get $x) (f64.const 1.5)) (f64.const 3)))
      (local.set $x (f64.copysign (f64.floor (local.get $x)) (f64.neg (local.get $x))))
      (local.set $y (f32.max (f32.demote_f64 (local.get $x)) (local.get $y)))
      (local.set $y (f32.sub (local.get $y) (f32.const 0.5)))
      (global.set $f64 (f64.promote_f32 (local.get $y)))
      (global.set $i32 (i32.trunc_sat_f64_s (local.get $x)))
      (global.set $i64 (i64.reinterpret_f64 (local.get $x)))
      (if (f64.gt (local.get $x) (f64.const 1e9)) (then (local.set $x (f64.const 0))))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1))))))

  (func $loads_and_stores (param $left i32)
    (call $begin)
    (loop $again
      (call $mark)
      (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (local.get $left)))
      (i64.store (i32.shl (local.get $left) (i32.const 3)) (i64.load (i32.const 8)))
      (i32.store8 (local.get $left) (i32.load8_s (i32.const 9)))
      (i32.store16 offset=2 (local.get $left) (i32.load16_u offset=4 (local.get $left)))
      (f64.store (i32.const 64) (f64.load (i32.const 72)))
      (f32.store (i32.const 80) (f32.load (i32.const 84)))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1))))))

  (func $bulk (param $left i32)
    (call $begin)
    (loop $again
      (call $mark)
      (memory.fill (i32.const 1024) (local.get $left) (i32.const 256))
      (memory.copy (i32.const 2048) (i32.const 1024) (i32.const 256))
      (memory.init $bytes (i32.const 4096) (i32.const 0) (i32.const 26))
      (table.copy (i32.const 4) (i32.const 0) (i32.const 2))
      (table.fill (i32.const 6) (ref.null func) (i32.const 2))
      (table.init $passive (i32.const 2) (i32.const 0) (i32.const 1))
      (table.set (i32.const 3) (table.get (i32.const 0)))
      (drop (ref.is_null (table.get (i32.const 3))))
      (drop (table.grow (ref.null func) (i32.const 0)))
      (drop (memory.grow (i32.const 0)))
      (drop (i32.add (memory.size) (table.size)))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1))))))

  (func $calls (param $left i32) (local $x i32)
    (call $begin)
    (loop $again
      (call $mark)
      (local.set $x (call $add (local.get $x) (local.get $left)))
      (local.set $x
        (call_indirect (type $binary) (local.get $x) (local.get $left) (i32.and (local.get $left) (i32.const 1))))
      (local.set $x (call $jump (local.get $x) (local.get $left)))
      (local.set $x (call $jump_indirect (local.get $x) (local.get $left)))
      (drop (call $two (local.get $x)))
      (drop)
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1))))))

  (func $branches (param $left i32)
    (call $begin)
    (loop $again
      (call $mark)
      (block $out
        (block $b
          (block $a
            (br_table $a $b $out (i32.rem_u (local.get $left) (i32.const 3))))
          (br $out))
        (nop))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1))))))

  (func (export "run") (param $rounds i32)
    (call $integers (local.get $rounds))
    (call $floats (local.get $rounds))
    (call $loads_and_stores (local.get $rounds))
    (call $bulk (local.get $rounds))
    (call $calls (local.get $rounds))
    (call $branches (local.get $rounds))
    (call $begin)
    (call $deep (local.get $rounds))))
