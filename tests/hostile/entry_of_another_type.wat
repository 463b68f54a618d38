;; attack: an entry that takes nothing
;; expect: export-type
;; text: export execute is function () -> i32, but function (i32, i32) -> i32 is needed
(module (func (export "execute") (result i32) (i32.const 0)))
