;; attack: a module that leaves a value too many on the stack
;; expect: invalid-module
(module (func (i32.const 0)))
