;; shows: a guest that does not say its version is refused where that is required
;; abi_version: required
;; expect: abi-version
(module
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
