//! Runs a guest again and again, recorded or not, for callgrind to count the instructions of.
//!
//! `recording CASE plain|recorded` prints how many rounds it went, how many host calls a round has, and how many bytes
//! the recording of one takes beside its input. Only what happens in [`counted`] counts.

use fuelbox::{Call, Caller, Function, Halt, Limits, Module, Sandbox, capability::Wasi, protocol};
use std::time::Duration;

const ROUNDS: u32 = 20;

/// Most of what a run of this guest does is to call its host.
const CALLS: &str = r#"(module
  (import "env" "host" (func $host (param i32) (result i32)))
  (func (export "_start") (local $left i32) (local $x i32)
    (local.set $left (i32.const 1000))
    (loop $again
      (local.set $x (call $host (local.get $x)))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))"#;

/// The same, of a function that reads 1 KB of its memory: what the host only reads is not copied.
const READS: &str = r#"(module
  (import "env" "first" (func $first (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start") (local $left i32)
    (local.set $left (i32.const 1000))
    (loop $again
      (drop (call $first (i32.const 0) (i32.const 1024)))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))"#;

/// Writes and reads its standard streams.
const STDIO: &[u8] = include_bytes!("../../../../tests/guests/wasi/c-stdio.wasm");
/// Writes a file of JSON again without its blanks.
const MINIFY: &[u8] = include_bytes!("../../../../tests/guests/rust-minify.wasm");

/// More than any of these takes.
const MOST_RECORDED_BYTES: u64 = 1 << 30;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let case = arguments.next().expect("a case");
    let is_recorded = arguments.next().expect("plain or recorded") == "recorded";
    let json = format!(
        "[{}null]",
        r#"{ "a": 1, "b": [ true, "c d" ] }, "#.repeat(600)
    );
    let (module, input) = match case.as_str() {
        "numbers" => (Module::from_wat(CALLS), String::new()),
        "reads" => (Module::from_wat(READS), String::new()),
        "wasi" => (Module::new(STDIO), "a line\n".repeat(50)),
        "minify" => (Module::new(MINIFY), json),
        _ => panic!("no case is called {case}"),
    };
    let module = module.expect("the guest is valid");
    let limits = Limits::default().deadline(Duration::MAX);
    let mut sandbox = Sandbox::with_clock(limits, || Duration::ZERO)
        .grant(protocol())
        .grant(Function::new("env", "host", |n: i32| n.wrapping_add(1)))
        .grant(Function::new("env", "first", first))
        .grant(Wasi::new().program("guest"));
    if is_recorded {
        sandbox = sandbox.record(MOST_RECORDED_BYTES);
    }
    let run = || {
        let execution = sandbox.start(&module, Call::entry().input(input.as_str()));
        execution.expect("it starts").finish()
    };
    let first = run();
    let calls = first.report.usage.host_calls;
    let bytes = first
        .recording
        .map_or(0, |recording| recording.to_bytes().len());
    counted(|| (0..ROUNDS).for_each(|_| drop(run())));
    println!("{ROUNDS} {calls} {}", bytes.saturating_sub(input.len()));
}

/// The first of so many bytes.
fn first(caller: &mut Caller<'_>, at: u32, len: u32) -> Result<u32, Halt> {
    let bytes = caller.read(at, len)?;
    Ok(bytes.first().copied().unwrap_or_default().into())
}

/// What callgrind is told to count.
#[inline(never)]
fn counted<T>(run: impl FnOnce() -> T) -> T {
    std::hint::black_box(run())
}
