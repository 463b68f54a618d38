;; shows: a guest of another version is refused
;; expect: abi-version
;; text: version 2
(module
  (func (export "fuelbox_abi_version") (result i32) (i32.const 2))
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
