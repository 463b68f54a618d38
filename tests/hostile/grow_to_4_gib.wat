;; attack: just what 32 bits cannot count, which a host of 32 bits must deny like any other
;; expect: out-of-memory
;; text: the guest wants 4294901760 bytes, 67108864 are allowed
;; usage.memory_growths_denied: 1
;; usage.peak_memory_bytes: 64KiB
(module
  (memory 1)
  (func (export "execute") (param i32 i32) (result i32) (memory.grow (i32.const 65535))))
