//! Guests, in the text format. Each is entered by `execute`.

use std::fmt::Write;

/// Copies its input to its output.
pub const ECHO: &str = r#"(module
  (import "env" "host_read_input" (func $read (param i32 i32) (result i32)))
  (import "env" "host_write_output" (func $write (param i32 i32)))
  (memory (export "memory") 1)
  (func (export "execute") (param i32 i32) (result i32)
    (call $write (i32.const 0) (call $read (i32.const 0) (local.get 1)))
    (i32.const 0)))"#;

/// Does nothing.
pub const NOTHING: &str = r#"(module
  (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))"#;

/// Calls `env.host` 100,000 times.
pub const HOST_CALLS: &str = r#"(module
  (import "env" "host" (func $host (param i32) (result i32)))
  (func (export "execute") (param i32 i32) (result i32) (local $left i32) (local $x i32)
    (local.set $left (i32.const 100_000))
    (loop $again
      (local.set $x (call $host (local.get $x)))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (i32.const 0)))"#;

/// How often [`HOST_CALLS`] calls.
pub const HOST_CALL_COUNT: u32 = 100_000;

/// What computes for some 30 ms and then ends, by name.
pub const COMPUTING: [(&str, &str); 4] = [
    ("arithmetic", ARITHMETIC),
    ("br_table", BR_TABLE),
    ("memory", MEMORY),
    ("calls", CALLS),
];

const ARITHMETIC: &str = r#"(module
  (func (export "execute") (param i32 i32) (result i32) (local $left i32) (local $x i64)
    (local.set $left (i32.const 5_000_000))
    (local.set $x (i64.const 88172645463325252))
    (loop $again
      (local.set $x (i64.xor (local.get $x) (i64.shl (local.get $x) (i64.const 13))))
      (local.set $x (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 7))))
      (local.set $x (i64.xor (local.get $x) (i64.shl (local.get $x) (i64.const 17))))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (i32.wrap_i64 (i64.and (local.get $x) (i64.const 0)))))"#;

/// An interpreter in the guest: a loop around a `br_table` over eight operations.
const BR_TABLE: &str = r#"(module
  (func (export "execute") (param i32 i32) (result i32) (local $left i32) (local $x i32)
    (local.set $left (i32.const 4_000_000))
    (loop $again
      (block $next
        (block $7 (block $6 (block $5 (block $4 (block $3 (block $2 (block $1 (block $0
          (br_table $0 $1 $2 $3 $4 $5 $6 $7
            (i32.and (i32.xor (local.get $x) (local.get $left)) (i32.const 7))))
          (local.set $x (i32.add (local.get $x) (i32.const 3))) (br $next))
          (local.set $x (i32.mul (local.get $x) (i32.const 31))) (br $next))
          (local.set $x (i32.xor (local.get $x) (i32.const 0x55))) (br $next))
          (local.set $x (i32.sub (local.get $x) (local.get $left))) (br $next))
          (local.set $x (i32.rotl (local.get $x) (i32.const 5))) (br $next))
          (local.set $x (i32.or (local.get $x) (i32.const 1))) (br $next))
          (local.set $x (i32.shr_u (local.get $x) (i32.const 1))) (br $next))
        (local.set $x (i32.add (local.get $x) (local.get $left))))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (i32.const 0)))"#;

const MEMORY: &str = r#"(module
  (memory (export "memory") 2)
  (func (export "execute") (param i32 i32) (result i32) (local $left i32) (local $at i32)
    (local.set $left (i32.const 5_000_000))
    (loop $again
      (local.set $at (i32.and (i32.mul (local.get $left) (i32.const 0x61c8)) (i32.const 0xfff8)))
      (i64.store offset=8 (local.get $at)
        (i64.add (i64.load (local.get $at)) (i64.extend_i32_u (local.get $left))))
      (i32.store8 offset=3 (local.get $at) (i32.load16_u offset=65536 (local.get $at)))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (i32.const 0)))"#;

const CALLS: &str = r#"(module
  (func $fibonacci (param i32) (result i32)
    (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
      (then (local.get 0))
      (else (i32.add
        (call $fibonacci (i32.sub (local.get 0) (i32.const 1)))
        (call $fibonacci (i32.sub (local.get 0) (i32.const 2)))))))
  (func (export "execute") (param i32 i32) (result i32)
    (drop (call $fibonacci (i32.const 29)))
    (i32.const 0)))"#;

/// What goes on for ever, by name.
pub const ENDLESS: [(&str, &str); 6] = [
    (
        "arithmetic",
        r#"(module
  (func (export "execute") (param i32 i32) (result i32) (local $x i32)
    (loop $again
      (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 31)) (i32.const 7)))
      (br $again))
    (i32.const 0)))"#,
    ),
    (
        // Each address follows from what the last load brought: 64 MiB, about one line in each page.
        "cache-missing loads",
        r#"(module
  (memory (export "memory") 1024)
  (func (export "execute") (param i32 i32) (result i32) (local $at i32)
    (loop $again
      (local.set $at
        (i32.and
          (i32.add
            (i32.add (i32.mul (local.get $at) (i32.const 0x19660d)) (i32.const 0x3c6ef35f))
            (i32.load (local.get $at)))
          (i32.const 0x3fffffc)))
      (br $again))
    (i32.const 0)))"#,
    ),
    (
        "64 MiB fills",
        r#"(module
  (memory (export "memory") 1024)
  (func (export "execute") (param i32 i32) (result i32)
    (loop $again
      (memory.fill (i32.const 0) (i32.const 7) (i32.const 0x4000000))
      (br $again))
    (i32.const 0)))"#,
    ),
    (
        "64 MiB copies",
        r#"(module
  (memory (export "memory") 1025)
  (func (export "execute") (param i32 i32) (result i32)
    (loop $again
      (memory.copy (i32.const 0) (i32.const 64) (i32.const 0x4000000))
      (br $again))
    (i32.const 0)))"#,
    ),
    (
        "growth of memory",
        r#"(module
  (memory (export "memory") 1)
  (func (export "execute") (param i32 i32) (result i32)
    (loop $again
      (drop (memory.grow (i32.const 1)))
      (br $again))
    (i32.const 0)))"#,
    ),
    (
        "host calls",
        r#"(module
  (import "env" "host" (func $host (param i32) (result i32)))
  (func (export "execute") (param i32 i32) (result i32) (local $x i32)
    (loop $again
      (local.set $x (call $host (local.get $x)))
      (br $again))
    (i32.const 0)))"#,
    ),
];

/// A module of 1,000 functions, of which one runs.
#[must_use]
pub fn thousand_functions() -> String {
    let mut text = String::from("(module\n");
    for n in 0..999 {
        writeln!(
            text,
            "(func (param i32 i32) (result i32) (local i64)
               (local.set 2 (i64.extend_i32_u (local.get 0)))
               (if (i64.eqz (local.get 2)) (then (return (i32.const {n}))))
               (i32.add (local.get 0) (i32.mul (local.get 1) (i32.const {n}))))"
        )
        .expect("a string takes all");
    }
    text + r#"(func (export "execute") (param i32 i32) (result i32) (i32.const 0)))"#
}
