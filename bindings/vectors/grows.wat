;; Takes all that there is: memory, a page at a time, or the stack.
(module
  (memory (export "memory") 1)
  (func (export "memory_bomb")
    (loop $again
      (br_if $again (i32.ne (i32.const -1) (memory.grow (i32.const 1))))))
  (func $deeper (export "stack_bomb") (param i32) (result i32)
    (i32.add (i32.const 1) (call $deeper (local.get 0)))))
