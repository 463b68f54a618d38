;; shows: a fill of 1 MiB, which cannot be interrupted, finishes in slices of 1
;; expect: finished 7
;; usage.peak_memory_bytes: 1MiB
(module
  (memory 16)
  (func (export "execute") (param i32 i32) (result i32)
    (memory.fill (i32.const 0) (i32.const 7) (i32.const 0x100000))
    (i32.load8_u (i32.const 0xfffff))))
