;; A plugin of an editor that goes wrong: from the third word on it never comes to an end.
(module
    (memory (export "memory") 1)
    (global $words (mut i32) (i32.const 0))
    (func (export "buffer") (result i32) (i32.const 1024))
    (func (export "on_word") (param $len i32) (result i32)
        (global.set $words (i32.add (global.get $words) (i32.const 1)))
        (loop $again (br_if $again (i32.ge_u (global.get $words) (i32.const 3))))
        (global.get $words)))
