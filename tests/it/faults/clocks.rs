//! Clocks of the host that stand still, go back or jump.

use crate::harness::{code, module, roomy, timeless};
use fuelbox::{Limits, Report, Sandbox, Slice, Step};
use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

const ENDLESS: &str = r#"(module (func (export "_start") (loop (br 0))))"#;

const MILLISECOND: Duration = Duration::from_millis(1);

#[test]
fn where_the_clock_stands_still_fuel_still_ends_the_run() {
    let limits = roomy().deadline(MILLISECOND).fuel(30_000_000);
    for time in [Duration::ZERO, Duration::MAX] {
        let report = run(limits.clone(), move |_| time);
        assert_eq!(code(&report), "out-of-fuel");
        assert_eq!(report.usage.time, Duration::ZERO);
    }
}

#[test]
fn where_the_clock_only_goes_back_fuel_still_ends_the_run() {
    let limits = roomy().deadline(MILLISECOND).fuel(30_000_000);
    let report = run(limits, |reading| {
        let passed = u32::try_from(reading).expect("few readings");
        Duration::MAX.saturating_sub(MILLISECOND.saturating_mul(passed))
    });
    assert_eq!(code(&report), "out-of-fuel");
    assert_eq!(report.usage.time, Duration::ZERO);
}

#[test]
fn a_clock_that_jumps_back_takes_back_no_time_that_has_passed() {
    // Three forth, two back, and so on.
    let limits = roomy().deadline(30 * MILLISECOND);
    let report = run(limits, |reading| {
        let reading = u32::try_from(reading).expect("few readings");
        let rounds = reading / 2;
        MILLISECOND * (rounds + 3 * (reading % 2))
    });
    assert_eq!(code(&report), "deadline");
    assert_eq!(report.usage.time, 30 * MILLISECOND);
    // One slice forth, one back: twice as many as with a clock that is right.
    assert!(report.usage.slices <= 20, "{} slices", report.usage.slices);
}

#[test]
fn a_clock_that_jumps_far_ahead_ends_the_run_and_no_sum_overflows() {
    let jumps = |reading| [Duration::ZERO, Duration::MAX][reading % 2];
    let longest = Duration::from_nanos(u64::MAX - 1);

    let report = run(roomy().deadline(MILLISECOND), jumps);
    assert_eq!(code(&report), "deadline");
    assert_eq!(report.usage.time, longest);
    assert_eq!(report.usage.overrun, longest - MILLISECOND);

    let report = run(roomy().deadline(Duration::MAX).fuel(1_000_000), jumps);
    assert_eq!(code(&report), "out-of-fuel");
    assert_eq!(report.usage.time, longest);
    assert_eq!(report.usage.overrun, Duration::ZERO);
}

#[test]
fn time_between_steps_is_not_the_runs_even_where_the_clock_jumps_there() {
    let module = module(ENDLESS);
    // Two readings for each step; between the steps the clock jumps to and fro.
    let readings = [0_u64, 1, 9_000_000, 9_000_001, 5, 6, 2, 3];
    let at = AtomicUsize::new(0);
    let clock = move || {
        let reading = readings.get(at.fetch_add(1, Ordering::Relaxed));
        Duration::from_millis(reading.copied().unwrap_or(3))
    };
    let limits = roomy().deadline(10 * MILLISECOND);
    let mut execution = Sandbox::with_clock(limits, clock)
        .start(&module, [])
        .expect("it starts");
    for step in 1..=4 {
        assert_eq!(execution.step(Slice::fuel(1)), Step::Paused);
        assert_eq!(execution.usage().time, step * MILLISECOND);
    }
}

#[test]
fn a_clock_that_panics_leaves_a_run_that_can_be_dropped() {
    let module = module(ENDLESS);
    let clock = || -> Duration { panic!("no time") };
    let mut execution = Sandbox::with_clock(roomy(), clock)
        .start(&module, [])
        .expect("it starts");
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        execution.step(Slice::fuel(1))
    }));
    assert!(panicked.is_err(), "the host's own panic is its own");
    assert_eq!(execution.usage().slices, 0);
    drop(execution);
    let report = timeless(roomy().fuel(1_000)).run(&module, []);
    assert_eq!(code(&report.expect("it starts")), "out-of-fuel");
}

/// Runs a loop without end by a clock that is told how often it was read before.
fn run(limits: Limits, time: impl Fn(usize) -> Duration + Send + Sync + 'static) -> Report {
    let readings = AtomicUsize::new(0);
    let clock = move || time(readings.fetch_add(1, Ordering::Relaxed));
    let report = Sandbox::with_clock(limits, clock).run(&module(ENDLESS), []);
    report.expect("it starts")
}
