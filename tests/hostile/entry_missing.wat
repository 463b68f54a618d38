;; attack: nothing to run
;; expect: export-missing
(module (func (export "run")))
