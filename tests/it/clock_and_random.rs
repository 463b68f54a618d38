//! Time and random bytes, as the host hands them out.

use crate::harness::{module, roomy, timeless};
use fuelbox::{
    Module,
    capability::{Clock, Output, Random},
};
use std::time::Duration;

fn times() -> Module {
    module(
        r#"(module (import "env" "host_get_time_nanos" (func $time (result i64)))
            (func (export "times") (result i64 i64 i64)
                (call $time) (call $time) (call $time)))"#,
    )
}

fn run(clock: Clock) -> (u64, u64, u64) {
    let sandbox = timeless(roomy()).grant(clock);
    sandbox
        .call::<(), (u64, u64, u64)>(&times(), "times", ())
        .expect("it finishes")
}

#[test]
fn a_fixed_clock_stands_still() {
    assert_eq!(run(Clock::fixed(Duration::from_nanos(77))), (77, 77, 77));
    assert_eq!(run(Clock::fixed(Duration::ZERO)), (0, 0, 0));
}

#[test]
fn a_time_beyond_64_bits_is_the_last_there_is() {
    assert_eq!(
        run(Clock::fixed(Duration::MAX)),
        (u64::MAX, u64::MAX, u64::MAX)
    );
    assert_eq!(
        run(Clock::by_fuel(Duration::MAX)),
        (u64::MAX, u64::MAX, u64::MAX)
    );
}

#[test]
fn a_clock_by_fuel_goes_a_nanosecond_with_each_fuel() {
    let (first, second, third) = run(Clock::by_fuel(Duration::from_secs(1)));
    assert!(first > 1_000_000_000 && first < 1_000_001_000);
    assert_eq!(
        (second - first, third - second),
        (64, 64),
        "a call costs 64"
    );
    assert_eq!(
        run(Clock::by_fuel(Duration::from_secs(1))),
        (first, second, third)
    );
}

#[test]
fn the_machines_clock_tells_the_time() {
    const YEAR_2020: u64 = 1_577_836_800_000_000_000;
    let (first, second, third) = run(Clock::system());
    assert!(first > YEAR_2020);
    assert!(first <= second && second <= third);
}

/// Fills and writes `sizes` of random bytes, one after the other.
fn random_bytes(seed: u64, sizes: &[u32]) -> Vec<u8> {
    let pieces: String = sizes
        .iter()
        .map(|size| {
            format!(
                "(call $random (i32.const 1) (i32.const {size})) (call $write (i32.const 1) (i32.const {size}))"
            )
        })
        .collect();
    let module = module(&format!(
        r#"(module (import "env" "host_read_random" (func $random (param i32 i32)))
            (import "env" "host_write_output" (func $write (param i32 i32)))
            (memory (export "memory") 1)
            (func (export "_start") {pieces}))"#
    ));
    let sandbox = timeless(roomy()).grant(Random::seeded(seed)).grant(Output);
    let run = || {
        sandbox
            .run(&module, [])
            .expect("it starts")
            .into_output()
            .expect("it finishes")
    };
    assert_eq!(run(), run(), "every run starts the sequence again");
    run()
}

#[test]
fn random_bytes_belong_to_their_seed() {
    // The first numbers of the published sequence for this seed.
    let numbers: [u64; 2] = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973];
    let expected: Vec<u8> = numbers
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect();
    assert_eq!(random_bytes(1_234_567, &[16]), expected);
    assert_eq!(random_bytes(1_234_567, &[8, 8]), expected);
    assert_ne!(random_bytes(1_234_568, &[16]), expected);
}

#[test]
fn nothing_asked_for_is_nothing_taken() {
    assert_eq!(random_bytes(5, &[0, 0, 8]), random_bytes(5, &[8]));
    assert_eq!(random_bytes(5, &[60_000]).len(), 60_000);
}

#[test]
fn random_bytes_are_paid_for() {
    let fuel = |size: u32| {
        let module = module(&format!(
            r#"(module (import "env" "host_read_random" (func $random (param i32 i32)))
                (memory (export "memory") 1)
                (func (export "_start") (call $random (i32.const 0) (i32.const {size}))))"#
        ));
        let sandbox = timeless(roomy()).grant(Random::seeded(1));
        sandbox.run(&module, []).expect("it starts").usage.fuel
    };
    assert_eq!(fuel(65_536) - fuel(0), 65_536 / 64);
}

#[test]
fn a_source_that_panics_stops_the_run_and_nothing_else() {
    let module = module(
        r#"(module (import "env" "host_read_random" (func $random (param i32 i32)))
            (memory (export "memory") 1)
            (func (export "_start") (call $random (i32.const 0) (i32.const 8))))"#,
    );
    let sandbox = timeless(roomy()).grant(Random::from_source(|_| panic!("no entropy")));
    let report = sandbox.run(&module, []).expect("it starts");
    assert_eq!(
        report.stop().map(ToString::to_string).as_deref(),
        Some("host function env.host_read_random failed: the source panicked: no entropy")
    );
}
