;; shows: a guest that says its version meets a sandbox that asks for it
;; abi_version: required
;; expect: finished 0
(module
  (func (export "fuelbox_abi_version") (result i32) (i32.const 1))
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
