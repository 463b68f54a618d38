//! Guests: built ones, small ones in the text format, and the project's hostile ones.

/// Enough for every guest here.
pub const FUEL: u64 = 1_000_000_000_000;

/// What computes for some ten milliseconds, checks its own answer and ends: name, what it is, module. From
/// C, in `benches/guests`.
pub const COMPUTING: [(&str, &[u8]); 7] = [
    (
        "core: matrix, list, states, CRC",
        include_bytes!("../guests/core.wasm"),
    ),
    (
        "interpreter loop, br_table",
        include_bytes!("../guests/machine.wasm"),
    ),
    ("SHA-256", include_bytes!("../guests/sha256.wasm")),
    ("JSON", include_bytes!("../guests/json.wasm")),
    ("floats", include_bytes!("../guests/floats.wasm")),
    ("calls", include_bytes!("../guests/calls.wasm")),
    ("memory", include_bytes!("../guests/copy.wasm")),
];

/// Copies its input to its output.
pub const ECHO: &str = r#"(module
  (import "env" "host_read_input" (func $read (param i32 i32) (result i32)))
  (import "env" "host_write_output" (func $write (param i32 i32)))
  (memory (export "memory") 1)
  (func (export "execute") (param i32 i32) (result i32)
    (call $write (i32.const 0) (call $read (i32.const 0) (local.get 1)))
    (i32.const 0)))"#;

/// Does nothing, and has as much memory as said.
#[must_use]
pub fn nothing(pages: u32) -> Vec<u8> {
    parse(&format!(
        r#"(module
          (memory (export "memory") {pages})
          (func (export "execute") (param i32 i32) (result i32) (i32.const 0))
          (func (export "plugin") (result i32) (i32.const 0)))"#
    ))
}

/// Writes to each word of 8 KiB of stack and of 16 KiB of heap, as guests do that are not measured for doing nothing,
/// in 17 pages, as a Rust guest has.
pub const TOUCHING: &str = r#"(module
  (memory (export "memory") 17)
  (func $touch (param $at i32) (param $end i32)
    (loop $again
      (i64.store (local.get $at) (i64.const -1))
      (br_if $again (i32.lt_u
        (local.tee $at (i32.add (local.get $at) (i32.const 8))) (local.get $end)))))
  (func (export "execute") (param i32 i32) (result i32)
    (call $touch (i32.const 0xfe000) (i32.const 0x100000))
    (call $touch (i32.const 0x100400) (i32.const 0x104400))
    (i32.const 0))
  (func (export "plugin") (result i32) (i32.const 0)))"#;

/// Has state, and adds to it.
pub const COUNTER: &str = r#"(module
  (memory (export "memory") 1)
  (global $n (mut i32) (i32.const 0))
  (func (export "add") (param i32) (result i32)
    (global.set $n (i32.add (global.get $n) (local.get 0)))
    (global.get $n)))"#;

/// Computes 1 MiB of numbers when it is made ready.
pub const READY: &str = r#"(module
  (memory (export "memory") 17)
  (func (export "_initialize") (local $at i32) (local $n i32)
    (loop $again
      (i32.store (local.get $at)
        (local.tee $n (i32.add (i32.mul (local.get $n) (i32.const 0x41c64e6d)) (i32.const 12345))))
      (br_if $again (i32.lt_u
        (local.tee $at (i32.add (local.get $at) (i32.const 4))) (i32.const 0x100000)))))
  (func (export "first") (result i32) (i32.load (i32.const 0))))"#;

/// A guest that calls one host function over and over.
pub struct Calling {
    /// What is measured.
    pub name: &'static str,
    /// How often it calls.
    pub calls: u32,
    text: &'static str,
    import: &'static str,
    call: &'static str,
}

/// One for each of the protocol's functions, and two for functions of the host.
pub const CALLING: [Calling; 6] = [
    Calling {
        name: "host_get_input_len",
        calls: 10_000,
        text: "",
        import: r#""env" "host_get_input_len" (func $call (result i32))"#,
        call: "(drop (call $call))",
    },
    Calling {
        name: "host_read_input, 16 bytes",
        calls: 10_000,
        text: "",
        import: r#""env" "host_read_input" (func $call (param i32 i32) (result i32))"#,
        call: "(drop (call $call (i32.const 0) (i32.const 16)))",
    },
    Calling {
        name: "host_write_output, 16 bytes",
        calls: 10_000,
        text: "",
        import: r#""env" "host_write_output" (func $call (param i32 i32))"#,
        call: "(call $call (i32.const 0) (i32.const 16))",
    },
    Calling {
        name: "host_log, 16 bytes",
        calls: 1_000,
        text: "sixteen bytes ok",
        import: r#""env" "host_log" (func $call (param i32 i32))"#,
        call: "(call $call (i32.const 0) (i32.const 16))",
    },
    Calling {
        name: "Function of a number",
        calls: 10_000,
        text: "",
        import: r#""env" "number" (func $call (param i32) (result i32))"#,
        call: "(drop (call $call (i32.const 1)))",
    },
    Calling {
        name: "Function that reads 1 KB",
        calls: 10_000,
        text: "",
        import: r#""env" "sum" (func $call (param i32 i32) (result i32))"#,
        call: "(drop (call $call (i32.const 0) (i32.const 1024)))",
    },
];

/// Guests that move 64 MiB, one in pieces of 1 MiB from its input, one to its output.
pub const MOVING: [Calling; 2] = [
    Calling {
        name: "input",
        calls: 64,
        text: "",
        import: r#""env" "host_read_input" (func $call (param i32 i32) (result i32))"#,
        call: "(drop (call $call (i32.const 0) (i32.const 0x100000)))",
    },
    Calling {
        name: "output",
        calls: 64,
        text: "",
        import: r#""env" "host_write_output" (func $call (param i32 i32))"#,
        call: "(call $call (i32.const 0) (i32.const 0x100000))",
    },
];

impl Calling {
    /// The module.
    #[must_use]
    pub fn wasm(&self) -> Vec<u8> {
        let Self {
            calls,
            text,
            import,
            call,
            ..
        } = self;
        parse(&format!(
            r#"(module
              (import {import})
              (memory (export "memory") 16)
              (data (i32.const 0) "{text}")
              (func (export "execute") (param i32 i32) (result i32) (local $left i32)
                (local.set $left (i32.const {calls}))
                (loop $again
                  {call}
                  (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
                (i32.const 0)))"#
        ))
    }
}

/// What the host function `sum` does with what it reads.
#[must_use]
pub fn sum(bytes: &[u8]) -> u32 {
    bytes.iter().map(|byte| u32::from(*byte)).sum()
}

/// What goes on for ever, by name: the project's hostile guests, and bulk operations as large as they get.
#[must_use]
pub fn endless() -> Vec<(&'static str, Vec<u8>)> {
    ENDLESS
        .iter()
        .map(|(name, text)| (*name, parse(&with_plugin(text))))
        .collect()
}

const ENDLESS: [(&str, &str); 13] = [
    (
        "endless loop",
        include_str!("../../tests/hostile/deadline_in_entry.wat"),
    ),
    (
        "divisions",
        include_str!("../../tests/hostile/divisions.wat"),
    ),
    (
        "cache-missing loads",
        include_str!("../../tests/hostile/cache_misses.wat"),
    ),
    (
        "chained loads",
        include_str!("../../tests/hostile/chases.wat"),
    ),
    (
        "chained loads after nops",
        include_str!("../../tests/hostile/chases_after_nops.wat"),
    ),
    (
        "host calls",
        include_str!("../../tests/hostile/host_calls.wat"),
    ),
    (
        "single-byte outputs",
        include_str!("../../tests/hostile/output_byte_by_byte.wat"),
    ),
    (
        "table fills",
        include_str!("../../tests/hostile/table_fills.wat"),
    ),
    ("growths", include_str!("../../tests/hostile/growths.wat")),
    ("1 MiB fills", include_str!("../../tests/hostile/fills.wat")),
    (
        "1 MiB copies",
        include_str!("../../tests/hostile/copies.wat"),
    ),
    (
        "64 MiB fills",
        r#"(module
  (memory (export "memory") 1024)
  (func (export "execute") (param i32 i32) (result i32)
    (loop $again
      (memory.fill (i32.const 0) (i32.const 7) (i32.const 0x4000000))
      (br $again))
    unreachable))"#,
    ),
    (
        "64 MiB copies",
        r#"(module
  (memory (export "memory") 1025)
  (func (export "execute") (param i32 i32) (result i32)
    (loop $again
      (memory.copy (i32.const 0) (i32.const 64) (i32.const 0x4000000))
      (br $again))
    unreachable))"#,
    ),
];

/// The guest with a second export, for hosts that call what takes nothing.
fn with_plugin(text: &str) -> String {
    let text = text.replace("(func (export", "(func $entry (export");
    let open = text.trim_end().strip_suffix(')');
    let plugin =
        r#"(func (export "plugin") (result i32) (call $entry (i32.const 0) (i32.const 0))))"#;
    format!("{}{plugin}", open.expect("a module ends with a bracket"))
}

/// A module from its text.
///
/// # Panics
/// Where the text is no module.
#[must_use]
pub fn parse(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("the guest is valid")
}
