;; A plugin of an editor. It counts the words that it was told of, and asks the editor to look each one up, which takes
;; a while. Its memory lasts from event to event.
(module
    (import "editor" "look_up" (func $look_up (param i32 i32) (result i32)))
    (memory (export "memory") 1)
    (global $words (mut i32) (i32.const 0))
    (global $wrong (mut i32) (i32.const 0))

    ;; Where the editor puts a word.
    (func (export "buffer") (result i32) (i32.const 1024))

    ;; A word was typed; returns how many of all so far are not known.
    (func (export "on_word") (param $len i32) (result i32)
        (global.set $words (i32.add (global.get $words) (i32.const 1)))
        (if (i32.eqz (call $look_up (i32.const 1024) (local.get $len)))
            (then (global.set $wrong (i32.add (global.get $wrong) (i32.const 1)))))
        (global.get $wrong))

    (func (export "words") (result i32) (global.get $words)))
