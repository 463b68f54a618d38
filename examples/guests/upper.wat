;; Reads the input, logs a line, writes the input back with the letters a to z made capital.
(module
  (import "env" "host_log" (func $log (param i32 i32)))
  (import "env" "host_read_input" (func $read (param i32 i32) (result i32)))
  (import "env" "host_write_output" (func $write (param i32 i32)))

  (memory (export "memory") 1)
  (data (i32.const 0) "making it capital")

  ;; Which version of the protocol this guest was written for.
  (func (export "fuelbox_abi_version") (result i32) (i32.const 1))

  ;; The entry. Returns 0 where all went well.
  (func (export "execute") (param $ptr i32) (param $len i32) (result i32)
    (local $end i32)
    (call $log (i32.const 0) (i32.const 17))

    ;; The input goes to the second page; make room for it.
    (if (i32.eq (i32.const -1)
          (memory.grow (i32.shr_u (i32.add (local.get $len) (i32.const 65535)) (i32.const 16))))
      (then (return (i32.const 1))))
    (local.set $ptr (i32.const 65536))
    (local.set $end (i32.add (local.get $ptr)
      (call $read (local.get $ptr) (local.get $len))))

    (block $done
      (loop $each
        (br_if $done (i32.ge_u (local.get $ptr) (local.get $end)))
        (i32.store8 (local.get $ptr) (call $capital (i32.load8_u (local.get $ptr))))
        (local.set $ptr (i32.add (local.get $ptr) (i32.const 1)))
        (br $each)))

    (call $write (i32.const 65536) (local.get $len))
    (i32.const 0))

  ;; a to z lose bit 5; everything else stays.
  (func $capital (param $byte i32) (result i32)
    (i32.sub (local.get $byte)
      (i32.shl (i32.lt_u (i32.sub (local.get $byte) (i32.const 97)) (i32.const 26)) (i32.const 5)))))
