;; attack: an entry that takes nothing
;; expect: export-type
;; text: export execute is function () -> i32, needed is function (i32, i32) -> i32
(module (func (export "execute") (result i32) (i32.const 0)))
