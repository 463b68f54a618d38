;; attack: a version that would have to be run to be known
;; expect: abi-version
(module
  (func (export "fuelbox_abi_version") (result i32) (loop $again (br $again)) unreachable)
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))
