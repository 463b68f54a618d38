//! A guest of fuelbox as a fuzz target of libFuzzer: `FUELBOX_GUEST=guest.wasm guest CORPUS [FLAGS]`.
//!
//! libFuzzer searches, and the guest runs in the sandbox: its ways are counters of libFuzzer, and what it compares goes
//! to libFuzzer's table of recent comparisons. A guest that is stopped ends the process as a crash, with the input in
//! a file, as libFuzzer does it. Copy it to grant more than the protocol.
#![no_main]
#![expect(
    clippy::disallowed_methods,
    reason = "the guest is a file, named by a variable"
)]
#![expect(clippy::print_stderr, reason = "it is what a program says")]

mod counters;

use fuelbox::{Limits, Module, Sandbox, fuzz::Target, protocol};
use std::{cell::RefCell, env, fs, process};

thread_local! {
    static TARGET: RefCell<Target> = RefCell::new(target());
}

/// One input in so many tells what it compares, which takes twice as long.
const COMPARES_IN: u64 = 8;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    TARGET.with_borrow_mut(|target| run(target, input));
});

fn run(target: &mut Target, input: &[u8]) {
    let compares = counters::next_run().is_multiple_of(COMPARES_IN);
    let verdict = if compares {
        target.run_comparing(input)
    } else {
        target.run(input)
    };
    let verdict = verdict.unwrap_or_else(|error| fail(&error));
    for (way, count) in verdict.edges.taken() {
        counters::count(way, count);
    }
    if compares {
        for compare in verdict.compares() {
            counters::compared(compare.left, compare.right, compare.bits);
        }
    }
    if let Some(stop) = verdict.stop {
        eprintln!("the guest was stopped: {stop} ({})", stop.code());
        process::abort();
    }
}

/// The guest that the environment names.
fn target() -> Target {
    let path = env::var("FUELBOX_GUEST").unwrap_or_else(|_| fail(&"set FUELBOX_GUEST to a module"));
    let wasm = fs::read(&path).unwrap_or_else(|error| fail(&format!("{path}: {error}")));
    let sandbox = Sandbox::new(Limits::default().fuel(20_000_000)).grant(protocol());
    Target::new(&sandbox, &Module::builder(), wasm).unwrap_or_else(|error| fail(&error))
}

/// No guest is to blame, so that nothing is taken for a find.
fn fail(problem: &dyn std::fmt::Display) -> ! {
    eprintln!("{problem}");
    process::exit(1)
}
