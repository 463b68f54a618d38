//! Runs guests where there is no std: with an allocator, a clock and a panic handler of its own.
//!
//! It says how each guest ended, and exits with 0 if all was as it should be. It needs the C
//! library of the machine for three things, which are in `machine`; a small device has others there, of which
//! `cortex_m` is one.

#![no_std]
#![no_main]

extern crate alloc;

mod arena;
#[cfg_attr(target_os = "none", path = "cortex_m.rs")]
mod machine;

use alloc::format;
use core::{ffi::c_int, panic::PanicInfo, time::Duration};
use fuelbox::{Error, Limits, Module, Report, Sandbox, protocol};

/// Counts the lines, words and bytes of its input.
const WORDS: &[u8] = include_bytes!("../../guests/c-words.wasm");

/// `(module (func (export "_start") (loop (br 0))))`
const ENDLESS: &[u8] = b"\0asm\x01\0\0\0\
    \x01\x04\x01\x60\0\0\
    \x03\x02\x01\0\
    \x07\x0a\x01\x06_start\0\0\
    \x0a\x09\x01\x07\0\x03\x40\x0c\0\x0b\x0b";

/// The guest is stopped within this much more than its deadline, on a machine that is busy too.
const LATE: Duration = Duration::from_secs(5);

/// Exit codes.
const PASSED: c_int = 0;
const FAILED: c_int = 1;
const REFUSED: c_int = 2;
const PANICKED: c_int = 3;

#[global_allocator]
static ARENA: arena::Arena = arena::Arena::new();

// SAFETY: nothing else is called `main`, and the C library, or the start of the machine, calls it once.
#[unsafe(no_mangle)]
extern "C" fn main() -> c_int {
    let words = run(
        "words",
        WORDS,
        Duration::from_secs(60),
        b"to be or not to be",
    );
    let endless = run("endless", ENDLESS, Duration::from_millis(50), b"");
    let (Ok(words), Ok(endless)) = (words, endless) else {
        return REFUSED;
    };
    let counted = words.output == b"0 6 18";
    let late = endless.usage.overrun;
    let stopped = endless.outcome.code() == "deadline" && late < LATE;
    if words.status() == Some(0) && counted && stopped {
        machine::print("all passed\n");
        PASSED
    } else {
        FAILED
    }
}

fn run(name: &str, wasm: &[u8], deadline: Duration, input: &[u8]) -> Result<Report, Error> {
    // The fuel is what ends it all the same if no deadline does, some seconds later.
    let limits = Limits::default()
        .fuel(10_000_000_000)
        .memory_bytes(4 << 20)
        .deadline(deadline);
    let sandbox = Sandbox::with_clock(limits, machine::now).grant(protocol());
    let outcome = Module::new(wasm).and_then(|module| sandbox.run(&module, input));
    machine::print(&match &outcome {
        Ok(report) => {
            let usage = &report.usage;
            format!(
                "{name}: {} after {} fuel, {:?}, {:?} late\n",
                report.outcome, usage.fuel, usage.time, usage.overrun
            )
        }
        Err(error) => format!("{name}: refused: {error}\n"),
    });
    outcome
}

#[panic_handler]
fn panicked(info: &PanicInfo<'_>) -> ! {
    machine::print(&format!("{info}\n"));
    machine::exit(PANICKED)
}
