;; Memories of 32 and of 64 bits in one module, and copies from one to the other.

(module
  (memory $narrow 1 1)
  (memory $wide i64 1 1)
  (data (memory $narrow) (i32.const 0) "narrow")
  (data (memory $wide) (i64.const 0) "wide")
  (data $passive "passive")
  (func (export "narrow") (param i32) (result i32) (i32.load8_u $narrow (local.get 0)))
  (func (export "wide") (param i64) (result i32) (i32.load8_u $wide (local.get 0)))
  (func (export "widen") (param i64 i32 i32)
    (memory.copy $wide $narrow (local.get 0) (local.get 1) (local.get 2)))
  (func (export "narrow_down") (param i32 i64 i32)
    (memory.copy $narrow $wide (local.get 0) (local.get 1) (local.get 2)))
  (func (export "fill_wide") (param i64 i32 i64)
    (memory.fill $wide (local.get 0) (local.get 1) (local.get 2)))
  (func (export "fill_narrow") (param i32 i32 i32)
    (memory.fill $narrow (local.get 0) (local.get 1) (local.get 2)))
  (func (export "init_wide") (param i64 i32 i32)
    (memory.init $wide $passive (local.get 0) (local.get 1) (local.get 2))))

(assert_return (invoke "narrow" (i32.const 0)) (i32.const 110))
(assert_return (invoke "wide" (i64.const 0)) (i32.const 119))

(invoke "widen" (i64.const 0xfffa) (i32.const 0) (i32.const 6))
(assert_return (invoke "wide" (i64.const 0xfffa)) (i32.const 110))
(assert_return (invoke "wide" (i64.const 0xffff)) (i32.const 119))
(assert_return (invoke "widen" (i64.const 0x1_0000) (i32.const 0x1_0000) (i32.const 0)))
(assert_trap (invoke "widen" (i64.const 0xfffb) (i32.const 0) (i32.const 6)) "out of bounds memory access")
(assert_trap (invoke "widen" (i64.const 0) (i32.const 0xffff) (i32.const 2)) "out of bounds memory access")
(assert_trap (invoke "widen" (i64.const 0x1_0000_0000) (i32.const 0) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "widen" (i64.const 0x1_0000_0000) (i32.const 0) (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "widen" (i64.const -1) (i32.const 0) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "widen" (i64.const 0) (i32.const -1) (i32.const 1)) "out of bounds memory access")
;; The length is the narrower one, and has no sign.
(assert_trap (invoke "widen" (i64.const 0) (i32.const 0) (i32.const -1)) "out of bounds memory access")
(assert_trap (invoke "widen" (i64.const 0) (i32.const 1) (i32.const -1)) "out of bounds memory access")

(invoke "narrow_down" (i32.const 0xfffc) (i64.const 0) (i32.const 4))
(assert_return (invoke "narrow" (i32.const 0xfffc)) (i32.const 119))
(assert_return (invoke "narrow" (i32.const 0xffff)) (i32.const 101))
(assert_return (invoke "narrow_down" (i32.const 0x1_0000) (i64.const 0x1_0000) (i32.const 0)))
(assert_trap (invoke "narrow_down" (i32.const 0xfffd) (i64.const 0) (i32.const 4)) "out of bounds memory access")
(assert_trap (invoke "narrow_down" (i32.const 0) (i64.const 0xffff) (i32.const 2)) "out of bounds memory access")
(assert_trap (invoke "narrow_down" (i32.const 0) (i64.const 0x1_0000_0000) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "narrow_down" (i32.const 0) (i64.const 0x1_0000_0000) (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "narrow_down" (i32.const 0) (i64.const -2) (i32.const 4)) "out of bounds memory access")
(assert_trap (invoke "narrow_down" (i32.const -1) (i64.const 0) (i32.const 1)) "out of bounds memory access")

;; Each has bounds and bytes of its own.
(invoke "fill_wide" (i64.const 0x8000) (i32.const 5) (i64.const 2))
(assert_return (invoke "wide" (i64.const 0x8001)) (i32.const 5))
(assert_return (invoke "narrow" (i32.const 0x8001)) (i32.const 0))
(invoke "fill_narrow" (i32.const 0x9000) (i32.const 6) (i32.const 2))
(assert_return (invoke "narrow" (i32.const 0x9001)) (i32.const 6))
(assert_return (invoke "wide" (i64.const 0x9001)) (i32.const 0))
(invoke "init_wide" (i64.const 0x9000) (i32.const 0) (i32.const 7))
(assert_return (invoke "wide" (i64.const 0x9006)) (i32.const 101))
(assert_return (invoke "narrow" (i32.const 0x9006)) (i32.const 0))
(assert_trap (invoke "init_wide" (i64.const 0x1_0000_0000) (i32.const 0) (i32.const 7)) "out of bounds memory access")
(assert_trap (invoke "fill_wide" (i64.const 0x1_0000_0000) (i32.const 0) (i64.const 1)) "out of bounds memory access")

;; A length of 64 bits is for two memories of 64 bits alone.
(assert_invalid
  (module (memory $narrow 1) (memory $wide i64 1)
    (func (memory.copy $wide $narrow (i64.const 0) (i32.const 0) (i64.const 0))))
  "type mismatch")
(assert_invalid
  (module (memory $narrow 1) (memory $wide i64 1)
    (func (memory.copy $narrow $wide (i32.const 0) (i64.const 0) (i64.const 0))))
  "type mismatch")
(assert_invalid
  (module (memory $narrow 1) (memory $wide i64 1)
    (func (memory.copy $narrow $wide (i64.const 0) (i64.const 0) (i32.const 0))))
  "type mismatch")
(assert_invalid
  (module (memory $narrow 1) (memory $wide i64 1)
    (func (memory.copy $wide $narrow (i64.const 0) (i64.const 0) (i32.const 0))))
  "type mismatch")
