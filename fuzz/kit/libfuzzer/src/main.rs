//! A guest of fuelbox as a fuzz target of libFuzzer: `FUELBOX_GUEST=guest.wasm guest CORPUS [FLAGS]`.
//!
//! libFuzzer searches, and the guest runs in the sandbox: its ways are counters of libFuzzer. One change of an input in
//! a few is not at random: the guest runs on the input and tells what it compares, and one of the numbers is put in the
//! place of the other. All of them go to libFuzzer's table of recent comparisons, too. A guest that is stopped ends the
//! process as a crash, with the input in a file, as libFuzzer does it. Copy it to grant more than the protocol.
#![no_main]
#![expect(
    clippy::disallowed_methods,
    reason = "the guest is a file, named by a variable"
)]
#![expect(clippy::print_stderr, reason = "it is what a program says")]

mod counters;

use fuelbox::{Limits, Module, Sandbox, fuzz::Target, protocol};
use fuelbox_fuzz::Compare;
use libfuzzer_sys::fuzzer_mutate;
use std::{cell::RefCell, env, fs, process};

thread_local! {
    static TARGET: RefCell<Target> = RefCell::new(target());
}

/// One change in so many looks at what is compared, which takes more than twice as long.
const SUBSTITUTED_IN: u32 = 8;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    TARGET.with_borrow_mut(|target| run(target, input));
});

libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let substituted = seed
        .is_multiple_of(SUBSTITUTED_IN)
        .then(|| {
            TARGET.with_borrow_mut(|target| substituted(target, data.get(..size)?, max_size, seed))
        })
        .flatten();
    match substituted {
        Some(input) => put(data, &input),
        None => fuzzer_mutate(data, size, max_size),
    }
});

fn run(target: &mut Target, input: &[u8]) {
    let verdict = target.run(input).unwrap_or_else(|error| fail(&error));
    for (way, count) in verdict.edges.taken() {
        counters::count(way, count);
    }
    if let Some(stop) = verdict.stop {
        eprintln!("the guest was stopped: {stop} ({})", stop.code());
        process::abort();
    }
}

/// `input` with a number that the guest compares in the place of the one it compares it to.
fn substituted(target: &mut Target, input: &[u8], most_bytes: usize, seed: u32) -> Option<Vec<u8>> {
    let verdict = target
        .run_comparing(input)
        .unwrap_or_else(|error| fail(&error));
    let compares: Vec<_> = verdict
        .compares()
        .map(|one| Compare::new(one.place, one.left, one.right, one.bits))
        .collect();
    for one in &compares {
        counters::compared(one);
    }
    // libFuzzer takes no empty input.
    fuelbox_fuzz::substitute(input, &compares, most_bytes, seed.into())
        .filter(|input| !input.is_empty())
}

/// Puts an input where libFuzzer looks for it, and gives its length.
fn put(data: &mut [u8], input: &[u8]) -> usize {
    let places = data.iter_mut().zip(input);
    places.map(|(to, from)| *to = *from).count()
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
