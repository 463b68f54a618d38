;; Values of every type, a start function that calls the host, and what a host function can be asked for.
(module
  (import "host" "call" (func $call (param i32 i32) (result i32)))
  (import "host" "mixed" (func $mixed (param i32 i64 f32 f64 v128 externref) (result f64 v128)))
  (memory (export "memory") 1)
  (data (i32.const 16) "text of the guest")

  (func (export "vector") (param v128) (result v128) (local.get 0))
  (func (export "references") (param funcref externref) (result funcref externref) (local.get 0) (local.get 1))

  ;; Hands a range to the host.
  (func (export "call") (param i32 i32) (result i32) (call $call (local.get 0) (local.get 1)))

  ;; Calls the host so many times.
  (func (export "often") (param i32)
    (loop $again
      (drop (call $call (i32.const 0) (i32.const 0)))
      (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))

  ;; Hands over one of each type, and gives back what the host does.
  (func (export "mixed") (result f64 v128)
    (call $mixed (i32.const -1) (i64.const -2) (f32.const 1.5) (f64.const -2.5)
      (v128.const i64x2 1 -1) (ref.null extern))))
