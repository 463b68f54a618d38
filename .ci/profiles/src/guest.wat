;; Must finish with status 0 in every build that fuelbox accepts. After a change make guest.wasm again:
;;   wasm-tools parse guest.wat -o guest.wasm
;; A test says whether it is stale.
(module
  (import "env" "host" (func $host (param i32) (result i32)))
  (type $unary (func (param i32) (result i32)))
  (memory (export "memory") 1)
  (table 2 funcref)
  (elem (i32.const 0) $increment $double)

  (func $increment (type $unary) (i32.add (local.get 0) (i32.const 1)))
  (func $double (type $unary) (i32.shl (local.get 0) (i32.const 1)))

  (func (export "execute") (param i32 i32) (result i32)
    (local $left i32) (local $x i32) (local $address i32)
    (local.set $left (i32.const 900_000))
    (loop $again
      (local.set $address (i32.and (local.get $x) (i32.const 0xfff0)))
      (i32.store (local.get $address) (local.get $left))
      (local.set $x (call $increment (i32.load (local.get $address))))
      (local.set $x (call_indirect (type $unary) (local.get $x) (i32.and (local.get $left) (i32.const 1))))
      (block $host
        (block $other
          (block $one
            (block $zero
              (br_table $zero $one $other $host (i32.and (local.get $left) (i32.const 63))))
            (local.set $x (i32.xor (local.get $x) (i32.const 0x5bd1e995)))
            (br $other))
          (local.set $x (i32.rotl (local.get $x) (i32.const 7))))
        (local.set $x (i32.add (local.get $x) (local.get $left)))
        (local.set $x (call $host (local.get $x))))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (i32.const 0)))
