;; attack: more pages than 64 bits can count the bytes of, which is the guest's affair; then all they can
;; proposal: memory64
;; expect: out-of-memory
;; text: the guest wants 4294901760 bytes, 67108864 are allowed
;; usage.memory_growths_denied: 1
;; usage.peak_memory_bytes: 64KiB
(module
  (memory i64 1)
  (func (export "execute") (param i32 i32) (result i32)
    (if (i64.ne (memory.grow (i64.const 0xffffffffffff)) (i64.const -1)) (then unreachable))
    (i32.wrap_i64 (memory.grow (i64.const 0xfffffffffffe)))))
