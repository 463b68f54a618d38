//! Times three kinds of run once each, and prints a line of `case, nanoseconds` for each; nothing where
//! fuelbox refuses the build. `measure` builds it in many ways and takes them in turns.

use std::time::Instant;

#[cfg(feature = "ours")]
mod ours;
#[cfg(feature = "ours")]
use ours::Host;
#[cfg(not(feature = "ours"))]
mod plain;
#[cfg(not(feature = "ours"))]
use plain::Host;

const GUESTS: [(&str, &[u8]); 3] = [
    ("core", include_bytes!("../../guests/core.wasm")),
    ("floats", include_bytes!("../../guests/floats.wasm")),
    ("calls", include_bytes!("../../guests/calls.wasm")),
];

/// Exports `execute`, which returns 0, and nothing else.
const NOTHING: &[u8] = b"\0asm\x01\0\0\0\x01\x07\x01\x60\x02\x7f\x7f\x01\x7f\x03\x02\x01\0\
    \x07\x0b\x01\x07execute\0\0\x0a\x06\x01\x04\0\x41\0\x0b";

const FRESH_RUNS: u32 = 20_000;

fn main() {
    let Some(host) = Host::new(NOTHING) else {
        return;
    };
    print("fresh run", FRESH_RUNS, || host.run());
    for (name, wasm) in GUESTS {
        let host = Host::new(wasm).expect("the first one was not refused");
        print(name, 3, || host.run());
    }
}

/// The least of three times, for each run.
#[expect(clippy::disallowed_methods, reason = "this measures time")]
fn print(case: &str, runs: u32, run: impl Fn()) {
    let nanos = (0..3).map(|_| {
        let begin = Instant::now();
        (0..runs).for_each(|_| run());
        begin.elapsed().as_nanos() as f64 / f64::from(runs)
    });
    println!("{case}\t{:.1}", nanos.fold(f64::INFINITY, f64::min));
}
