//! Clocks of a WASI guest: only the wall clock goes back, and no wait is longer than it says.

use crate::harness::{clock::Hand, code, module, roomy, timeless};
use fuelbox::{
    Call, Limits, Module, Report, Sandbox, Slice, Step, Value, Wait,
    capability::{Clock, Wasi},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

const SECOND: Duration = Duration::from_secs(1);

/// The clocks of a guest, by number.
const REALTIME: i32 = 0;
const MONOTONIC: i32 = 1;
const PROCESS: i32 = 2;
const THREAD: i32 = 3;

/// Shows how far a clock goes between two looks at it.
fn elapsed() -> Module {
    module(
        r#"(module
            (import "wasi_snapshot_preview1" "clock_time_get" (func $now (param i32 i64 i32) (result i32)))
            (memory (export "memory") 1)
            (func $look (param i32) (result i64)
                (drop (call $now (local.get 0) (i64.const 1) (i32.const 8)))
                (i64.load (i32.const 8)))
            (func (export "elapsed") (param i32) (result i64) (local i64)
                (local.set 1 (call $look (local.get 0)))
                (i64.sub (call $look (local.get 0)) (local.get 1))))"#,
    )
}

/// Waits with `poll_oneoff` until a clock shows so many nanoseconds more than now; gives the errno, how many
/// events there were, and the errno of the first.
fn waiting() -> Module {
    module(
        r#"(module
            (import "wasi_snapshot_preview1" "clock_time_get" (func $now (param i32 i64 i32) (result i32)))
            (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (func (export "until") (param $clock i32) (param $from i64) (result i32 i32 i32)
                (drop (call $now (local.get $clock) (i64.const 1) (i32.const 400)))
                (i32.store (i32.const 16) (local.get $clock))
                (i64.store (i32.const 24) (i64.add (i64.load (i32.const 400)) (local.get $from)))
                (i32.store16 (i32.const 40) (i32.const 1))
                (call $poll (i32.const 0) (i32.const 200) (i32.const 1) (i32.const 300))
                (i32.load (i32.const 300))
                (i32.load16_u (i32.const 208))))"#,
    )
}

/// A wall clock that somebody sets back by an hour each time it is read.
fn set_back() -> Clock {
    let seconds = Arc::new(AtomicU64::new(4_000_000_000));
    Clock::from_source(move || Duration::from_secs(seconds.fetch_sub(3_600, Ordering::SeqCst)))
}

#[test]
fn elapsed_time_is_that_of_the_sandbox_while_the_wall_clock_is_set_back() {
    let hand = Hand::default();
    let ticks = {
        let hand = hand.clone();
        move || hand.advance(Duration::from_nanos(5))
    };
    let sandbox =
        Sandbox::with_clock(Limits::default(), ticks).grant(Wasi::new().clock(set_back()));
    let between = |clock: i32| -> i64 {
        let elapsed = sandbox.call(&elapsed(), "elapsed", (clock,));
        elapsed.expect("it finishes")
    };
    assert_eq!(between(MONOTONIC), 5);
    assert_eq!(between(REALTIME), -3_600_000_000_000);
    for clock in [PROCESS, THREAD] {
        assert!((1..1_000).contains(&between(clock)), "{clock}");
    }
}

#[test]
fn a_wait_until_a_moment_ends_on_time_while_the_wall_clock_is_set_back() {
    let hand = Hand::default();
    let limits = roomy().deadline(60 * SECOND);
    let sandbox = Sandbox::with_clock(limits, hand.clock()).grant(Wasi::new().clock(set_back()));
    let call = Call::export("until").values(vec![Value::I32(MONOTONIC), Value::I64(5_000_000_000)]);
    let mut execution = sandbox.start(&waiting(), call).expect("it starts");
    assert_eq!(
        execution.step(Slice::fuel(u64::MAX)),
        Step::Waiting(Wait::Time)
    );
    hand.advance(SECOND * 49 / 10);
    assert_eq!(
        execution.step(Slice::fuel(u64::MAX)),
        Step::Waiting(Wait::Time)
    );
    assert_eq!(
        execution.step(Slice::fuel(u64::MAX)),
        Step::Waiting(Wait::Time),
        "it still waits"
    );
    hand.advance(SECOND / 10);
    execution.step(Slice::fuel(u64::MAX));
    assert_eq!(execution.step(Slice::fuel(u64::MAX)), Step::Done);
    let report = execution.finish().report;
    assert_eq!(report.values, [0, 1, 0].map(Value::I32));
    // Where the clock stands still, what was slept counts: a millisecond for a look.
    assert!((5 * SECOND..SECOND * 51 / 10).contains(&report.usage.time));
}

#[test]
fn processor_time_cannot_be_waited_for() {
    const NOTSUP: i32 = 58;
    for wall in [Clock::by_fuel(Duration::ZERO), Clock::system()] {
        let sandbox = timeless(roomy()).grant(Wasi::new().clock(wall));
        for clock in [PROCESS, THREAD] {
            let answer = sandbox.call(&waiting(), "until", (clock, 5_000_000_000_i64));
            assert_eq!(answer, Ok((0, 1, NOTSUP)), "{clock}");
        }
    }
}

#[test]
fn a_clock_that_panics_stops_the_run_as_a_function_of_the_host() {
    let run = |clock: i32| -> Report {
        let broken = Wasi::new().clock(Clock::from_source(|| panic!("no time")));
        let call = Call::export("elapsed").values(vec![Value::I32(clock)]);
        let execution = timeless(roomy()).grant(broken).start(&elapsed(), call);
        execution.expect("it starts").finish().report
    };
    for clock in [REALTIME, MONOTONIC] {
        let report = run(clock);
        assert_eq!(code(&report), "host-function");
        assert!(report.outcome.to_string().contains("no time"));
    }
    assert_eq!(code(&run(PROCESS)), "finished");
}
