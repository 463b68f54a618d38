//! A recording that is run again gives the same report, or says where it parts.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

mod divergence;
mod files;
mod instances;
mod stops;

use crate::harness::{MOST_RECORDED, module, replays, roomy, timeless};
use fuelbox::{
    Call, Execution, Finished, Function, HostError, Module, Recording, Sandbox, Slice, Step, Value,
    ValueType, Wait,
    capability::{self, Clock, Random, Wasi},
    protocol,
};
use std::{io::Write as _, time::Duration};

/// Runs the entry of a module, recorded.
fn run(sandbox: &Sandbox, module: &Module, call: impl Into<Call>) -> Finished {
    let sandbox = sandbox.clone().record(MOST_RECORDED);
    sandbox.start(module, call).expect("it starts").finish()
}

/// Whether a recording gives the same report.
#[track_caller]
fn must_replay(module: &Module, finished: &Finished) {
    if let Err(problem) = replays(module, finished) {
        panic!("{problem}");
    }
}

fn recording(finished: &Finished) -> &Recording {
    finished.recording.as_ref().expect("it was recorded")
}

/// A guest that sums what `env.next` gives, so many times.
const SUM: &str = r#"(module
    (import "env" "next" (func $next (param i32) (result i64)))
    (memory (export "memory") 1)
    (func (export "sum") (param $n i32) (result i64) (local $sum i64)
        (loop $again
            (local.set $sum (i64.add (local.get $sum) (call $next (local.get $n))))
            (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (local.get $sum)))"#;

fn summing() -> Sandbox {
    let next = Function::new("env", "next", |n: i32| i64::from(n) * 1_000);
    timeless(roomy()).grant(next)
}

#[test]
fn nothing_is_recorded_unless_it_is_asked_for() {
    let execution = summing().start(&module(SUM), Call::export("sum").args(1));
    assert_eq!(execution.expect("it starts").finish().recording, None);
}

#[test]
fn clocks_and_random_bytes_of_the_host_come_back() {
    let text = r#"(module
        (import "env" "host_get_time_nanos" (func $time (result i64)))
        (import "env" "host_read_random" (func $random (param i32 i32)))
        (import "env" "host_write_output" (func $write (param i32 i32)))
        (memory (export "memory") 4)
        (func (export "_start")
            (i64.store (i32.const 0) (call $time))
            (call $random (i32.const 8) (i32.const 200000))
            (call $write (i32.const 0) (i32.const 200008))))"#;
    let now = std::sync::atomic::AtomicU8::new(1);
    let random = Random::from_source(move |buffer| {
        buffer.fill(now.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
    });
    let sandbox = timeless(roomy())
        .grant(protocol())
        .grant(random)
        .grant(Clock::system());
    let module = module(text);
    let finished = run(&sandbox, &module, "");
    assert_eq!(finished.report.output.len(), 200_008);
    assert_eq!(recording(&finished).host_calls(), 3);
    must_replay(&module, &finished);
}

#[test]
fn standard_input_that_arrives_later_comes_back() {
    let text = r#"(module
        (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "_start")
            (loop $again
                (i32.store (i32.const 0) (i32.const 64))
                (i32.store (i32.const 4) (i32.const 100))
                (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
                (i32.store (i32.const 4) (i32.load (i32.const 8)))
                (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 12)))
                (br_if $again (i32.load (i32.const 8))))))"#;
    let (reader, mut writer) = capability::pipe();
    let sandbox = timeless(roomy()).grant(Wasi::new().stdin(reader));
    let module = module(text);
    let mut execution = sandbox
        .record(MOST_RECORDED)
        .start(&module, "")
        .expect("it starts");
    assert_eq!(
        execution.step(Slice::fuel(1_000_000)),
        Step::Waiting(Wait::Input)
    );
    writer
        .write_all(b"what came later")
        .expect("the reader is there");
    drop(writer);
    let finished = run_to_end(execution);
    assert_eq!(finished.report.output, b"what came later");
    must_replay(&module, &finished);
}

fn run_to_end(mut execution: Execution) -> Finished {
    while !execution.step(Slice::fuel(1_000_000)).is_done() {
        execution.sleep();
    }
    execution.finish()
}

#[test]
fn answers_that_came_later_come_back_with_what_they_wrote() {
    let text = r#"(module
        (import "shop" "price" (func $price (param i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "twice") (param i32) (result i32)
            (i32.add (call $price (local.get 0)) (i32.load (i32.const 40)))))"#;
    let price = Function::waiting("shop", "price", &[ValueType::I32], &[ValueType::I32]);
    let module = module(text);
    let sandbox = timeless(roomy()).grant(price).record(MOST_RECORDED);
    let call = Call::export("twice").args(7);
    let mut execution = sandbox.start(&module, call).expect("it starts");
    while execution.step(Slice::fuel(1_000)) != Step::Waiting(Wait::Host) {}
    let mut request = execution.request().expect("it asks");
    request.charge(1_234).expect("there is enough");
    request
        .write(40, &21_u32.to_le_bytes())
        .expect("there is room");
    execution.answer(21).expect("it asks");
    let finished = execution.finish();
    assert_eq!(finished.report.values, [Value::I32(42)]);
    must_replay(&module, &finished);
}

#[test]
fn a_function_that_fails_ends_the_replay_in_the_same_words() {
    let next = Function::new("env", "next", |n: i32| match n {
        3 => Err(HostError::message("no more than two")),
        n => Ok(i64::from(n)),
    });
    let sandbox = timeless(roomy()).grant(next);
    let module = module(SUM);
    let finished = run(&sandbox, &module, Call::export("sum").args(5));
    assert_eq!(
        finished.report.outcome.to_string(),
        "host function env.next failed: no more than two"
    );
    must_replay(&module, &finished);
}

#[test]
fn a_recording_has_a_bound_and_the_run_does_not() {
    let module = module(SUM);
    let call = || Call::export("sum").args(10_000);
    let whole = run(&summing(), &module, call());
    let cut = summing().record(1_000).start(&module, call());
    let cut = cut.expect("it starts").finish();
    assert_eq!(cut.report.values, whole.report.values);
    let recording = recording(&cut);
    assert!(recording.is_cut() && recording.to_bytes().len() < 2_000);
    let divergence = recording.replay(&module).expect("it starts").divergence;
    let divergence = divergence.expect("the rest is missing");
    assert_eq!(divergence.host_call, recording.host_calls() as u64);
    assert_eq!(divergence.expected, "no further host call");
}

#[test]
fn a_host_call_takes_at_most_sixteen_bytes_beside_its_data() {
    let module = module(SUM);
    let len = |n| {
        let finished = run(&summing(), &module, Call::export("sum").args(n));
        recording(&finished).to_bytes().len()
    };
    // Its data are 4 and 8 bytes.
    let each = (len(1_100) - len(100)) / 1_000;
    assert!(each <= 16 + 12, "{each} bytes");
}

#[test]
fn a_tight_deadline_shows_in_nothing_but_the_times() {
    let sandbox = Sandbox::with_clock(roomy().deadline(Duration::from_nanos(1)), || Duration::ZERO);
    let sandbox = sandbox.grant(Function::new("env", "next", |n: i32| i64::from(n)));
    let module = module(SUM);
    must_replay(
        &module,
        &run(&sandbox, &module, Call::export("sum").args(1_000)),
    );
}
