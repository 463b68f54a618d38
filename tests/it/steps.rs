//! A step ends where its slice does, never sleeps, and says how the guest stands.

use crate::harness::{
    clock::{self, Hand},
    code, module, roomy, same_but_for_time, timeless,
};
use fuelbox::{
    Call, Execution, Function, Limits, Module, Sandbox, Slice, Step, Value, Wait,
    capability::{Clock, Output, Wasi, pipe},
};
use std::time::Duration;

const ENDLESS: &str = r#"(module (func (export "_start") (loop $again (br $again))))"#;

/// All the fuel there is.
const ALL: Slice = Slice::fuel(u64::MAX);

/// A guest whose `sleep` waits for so many nanoseconds.
fn sleeper() -> Module {
    module(
        r#"(module
            (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (data (i32.const 16) "\01")
            (func (export "sleep") (param i64) (result i32)
                (i64.store (i32.const 24) (local.get 0))
                (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128))))"#,
    )
}

/// Has begun to sleep for so long, by the clock of `hand`.
fn asleep(hand: &Hand, limits: Limits, time: Duration) -> Execution {
    let nanos = i64::try_from(time.as_nanos()).expect("it is short");
    let sandbox =
        Sandbox::with_clock(limits, hand.clock()).grant(Wasi::new().clock(Clock::system()));
    let call = Call::export("sleep").values(vec![Value::I64(nanos)]);
    let mut execution = sandbox.start(&sleeper(), call).expect("it starts");
    assert_eq!(execution.wake_at(), None, "it has not begun");
    assert_eq!(execution.step(ALL), Step::Waiting(Wait::Time));
    execution
}

#[test]
fn a_slice_of_time_ends_with_the_look_at_the_clock_after_it() {
    const TICK: Duration = Duration::from_micros(30);
    const SLICE: Duration = Duration::from_millis(2);

    let limits = roomy().fuel(u64::MAX).deadline(Duration::from_secs(1));
    let sandbox = Sandbox::with_clock(limits, clock::ticking(TICK));
    let mut execution = sandbox.start(&module(ENDLESS), []).expect("it starts");
    for steps in 1..=100 {
        assert_eq!(execution.step(Slice::time(SLICE)), Step::Paused);
        let time = execution.usage().time;
        assert!(
            time >= SLICE * steps && time <= (SLICE + TICK) * steps,
            "{time:?}"
        );
    }
}

#[test]
fn a_slice_of_time_has_no_more_fuel_than_could_be_used_up_in_it() {
    /// The most expensive fuel there is takes 4 ns.
    const WORST_FUEL_PER_MICRO: u64 = 250;

    let hand = Hand::default();
    let limits = roomy().fuel(u64::MAX);
    let sandbox = Sandbox::with_clock(limits, hand.clock());
    let mut execution = sandbox.start(&module(ENDLESS), []).expect("it starts");
    // On a clock that stands still it looks as cheap as can be.
    assert_eq!(execution.step(Slice::fuel(100_000_000)), Step::Paused);
    let (before, slices) = (execution.usage().fuel, execution.usage().slices);
    let slice = Slice::fuel(1_000_000).within(Duration::from_micros(100));
    assert_eq!(execution.step(slice), Step::Paused);
    let fuel = execution.usage().fuel - before;
    let portions = execution.usage().slices - slices;
    assert_eq!(portions, 1_000_000 / (100 * WORST_FUEL_PER_MICRO));
    assert!((1_000_000..1_000_100).contains(&fuel), "{fuel}");
}

#[test]
fn a_slice_of_both_ends_with_what_comes_first() {
    let limits = || roomy().fuel(u64::MAX).deadline(Duration::from_secs(1));
    let ticking = Sandbox::with_clock(limits(), clock::ticking(Duration::from_micros(10)));
    let mut execution = ticking.start(&module(ENDLESS), []).expect("it starts");
    let time = Duration::from_millis(1);
    assert_eq!(
        execution.step(Slice::fuel(1_000).within(time)),
        Step::Paused
    );
    assert!(execution.usage().time < time);
    let slice = Slice::time(time);
    assert_eq!(slice, Slice::fuel(u64::MAX).within(time));
    assert_eq!(execution.step(slice), Step::Paused);
    assert!(execution.usage().time >= time);
}

#[test]
fn a_slice_of_no_time_runs_nothing_and_tells_how_the_guest_stands() {
    let mut execution = timeless(roomy())
        .start(&module(ENDLESS), [])
        .expect("it starts");
    assert_eq!(execution.step(Slice::time(Duration::ZERO)), Step::Paused);
    assert_eq!(execution.usage().slices, 0);

    let mut asleep = asleep(&Hand::default(), roomy(), Duration::from_secs(1));
    for slice in [Slice::time(Duration::ZERO), Slice::fuel(0)] {
        assert_eq!(asleep.step(slice), Step::Waiting(Wait::Time));
    }
    asleep.cancel_token().cancel();
    assert!(asleep.step(ALL).is_done());
    assert!(asleep.step(Slice::fuel(0)).is_done());
}

#[test]
fn only_what_is_over_is_done() {
    assert!(Step::Done.is_done());
    for step in [
        Step::Paused,
        Step::Waiting(Wait::Time),
        Step::Waiting(Wait::Input),
    ] {
        assert!(!step.is_done(), "{step:?}");
    }
}

#[test]
fn a_slice_of_time_goes_on_through_long_host_calls_and_one_of_fuel_comes_back() {
    let text = r#"(module (import "env" "host_write_output" (func $output (param i32 i32)))
        (memory (export "memory") 256)
        (func (export "_start") (call $output (i32.const 0) (i32.const 0x1000000))))"#;
    let limits = || {
        roomy()
            .output_bytes(u64::MAX)
            .deadline(Duration::from_secs(1))
    };
    let run = |slice| {
        let sandbox = Sandbox::with_clock(limits(), clock::ticking(Duration::from_micros(10)));
        let sandbox = sandbox.grant(Output);
        let mut execution = sandbox.start(&module(text), []).expect("it starts");
        let steps = std::iter::repeat_with(|| execution.step(slice));
        let steps = steps.take_while(|step| !step.is_done()).count();
        (steps, same_but_for_time(execution.finish().report))
    };
    let (by_fuel, whole) = run(ALL);
    let (by_time, report) = run(Slice::time(Duration::from_micros(200)));
    assert_eq!(whole.output.len(), 1 << 24);
    assert!(whole == report);
    // A piece takes a tick here.
    assert!(by_time > 1 && by_fuel > 10 * by_time, "{by_fuel} {by_time}");
}

#[test]
fn a_step_never_sleeps_and_says_when_the_guest_wakes() {
    const HOUR: Duration = Duration::from_secs(3_600);

    let hand = Hand::default();
    hand.advance(Duration::from_secs(7));
    let mut execution = asleep(&hand, roomy(), HOUR);
    for _ in 0..100 {
        assert_eq!(execution.step(ALL), Step::Waiting(Wait::Time));
        // What is slept counts, even on a clock that stands still.
        assert_eq!(execution.usage().time, Duration::ZERO);
        assert_eq!(execution.wake_at(), Some(HOUR + Duration::from_secs(7)));
    }
    hand.advance(HOUR - Duration::from_nanos(1));
    assert_eq!(execution.step(ALL), Step::Waiting(Wait::Time));
    assert_eq!(execution.wake_at(), Some(HOUR + Duration::from_secs(7)));
    hand.advance(Duration::from_nanos(1));
    assert_eq!(execution.step(ALL), Step::Done);
    assert_eq!(execution.wake_at(), None);
    let report = execution.finish().report;
    assert_eq!(
        (&report.values[..], report.usage.time),
        (&[Value::I32(0)][..], HOUR)
    );
}

#[test]
fn a_guest_that_sleeps_past_its_deadline_wakes_for_it() {
    let hand = Hand::default();
    let deadline = Duration::from_secs(2);
    let mut execution = asleep(&hand, roomy().deadline(deadline), Duration::from_secs(5));
    assert_eq!(execution.wake_at(), Some(deadline));
    hand.advance(deadline);
    assert!(!execution.is_over());
    // The look that finds the deadline comes first, then the stop.
    while !execution.step(ALL).is_done() {}
    assert_eq!(code(&execution.finish().report), "deadline");
}

#[test]
fn a_host_with_nothing_else_to_do_sleeps_until_the_guest_goes_on() {
    let mut execution = asleep(&Hand::default(), roomy(), Duration::from_millis(3));
    let mut slept = 0;
    while execution.step(ALL) == Step::Waiting(Wait::Time) {
        execution.sleep();
        slept += 1;
    }
    assert_eq!(slept, 3, "a millisecond each");
    execution.sleep();
    assert_eq!(execution.usage().time, Duration::from_millis(3));
    assert_eq!(execution.finish().report.values, [Value::I32(0)]);
}

#[test]
fn nobody_sleeps_for_a_guest_that_does_not_wait() {
    let mut execution = timeless(roomy())
        .start(&module(ENDLESS), [])
        .expect("it starts");
    execution.sleep();
    assert_eq!(execution.step(Slice::fuel(1_000)), Step::Paused);
    execution.sleep();
    assert_eq!(execution.usage().time, Duration::ZERO);
}

#[test]
fn a_guest_that_waits_for_input_wakes_at_no_known_time() {
    let (reader, _writer) = pipe();
    let text = r#"(module
        (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 0) "\10\00\00\00\08")
        (func (export "_start") (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))))"#;
    let sandbox = timeless(roomy()).grant(Wasi::new().stdin(reader));
    let mut execution = sandbox.start(&module(text), []).expect("it starts");
    assert_eq!(execution.step(ALL), Step::Waiting(Wait::Input));
    assert_eq!(execution.wake_at(), None);
}

#[test]
fn a_slow_host_function_carries_a_slice_of_time_past_its_end_by_one_call() {
    let hand = Hand::default();
    let (slow, slice) = (Duration::from_millis(3), Duration::from_millis(2));
    let work = {
        let hand = hand.clone();
        Function::new("env", "work", move || {
            hand.advance(slow);
        })
    };
    let text = r#"(module (import "env" "work" (func $work))
        (func (export "_start") (loop $again (call $work) (br $again))))"#;
    let sandbox = Sandbox::with_clock(roomy(), hand.clock()).grant(work);
    let mut execution = sandbox.start(&module(text), []).expect("it starts");
    for steps in 1..10 {
        assert_eq!(execution.step(Slice::time(slice)), Step::Paused);
        assert_eq!(execution.usage().time, slow * steps);
    }
}
