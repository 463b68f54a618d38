//! A guest gets the work and the time that it was given, and no more.

use crate::harness::{Case, clock::Hand, code, module, roomy, run_to_end, timeless};
use fuelbox::{
    Caller, Function, Limits, Module, Outcome, Phase, Sandbox, Slice, Step, Stop, capability::Log,
};
use std::time::Duration;

/// Work of every kind, host calls included, that ends.
const FINITE: &str = r#"(module
    (import "env" "host_log" (func $log (param i32 i32)))
    (memory (export "memory") 1)
    (table $table 0 funcref)
    (func $start (call $log (i32.const 0) (i32.const 100)))
    (start $start)
    (func (export "_initialize") (memory.fill (i32.const 0) (i32.const 65) (i32.const 9999)))
    (func (export "execute") (param i32 i32) (result i32)
        (local $n i32)
        (loop $again
            (call $log (i32.const 0) (i32.const 1000))
            (drop (memory.grow (i32.const 1)))
            (drop (table.grow $table (ref.null func) (i32.const 300)))
            (local.set $n (i32.add (local.get $n) (i32.const 1)))
            (br_if $again (i32.lt_u (local.get $n) (i32.const 5))))
        (call $log (i32.const 0) (i32.const 5000))
        (i32.const 0)))"#;

const ENDLESS: &str = r#"(module
    (func (export "_start") (loop $again (br $again))))"#;

#[test]
fn the_exact_budget_is_enough_and_one_less_is_not() {
    let module = module(FINITE);
    let run = |fuel| {
        let sandbox = timeless(roomy().fuel(fuel)).grant(Log);
        sandbox.run(&module, []).expect("it starts")
    };
    let used = run(u64::MAX).usage.fuel;
    assert!(used > 6 * 64, "six host calls are in it");
    let exact = run(used);
    assert_eq!((code(&exact), exact.usage.fuel), ("finished", used));
    for fuel in [0, 1, used / 3, used / 2, used - 1] {
        let report = run(fuel);
        assert_eq!(report.stop(), Some(&Stop::OutOfFuel { limit: fuel }));
        assert!(report.usage.fuel <= fuel);
    }
}

#[test]
fn every_budget_below_the_exact_one_ends_the_same_in_every_slice() {
    let module = module(FINITE);
    let sandbox = |fuel| timeless(roomy().fuel(fuel)).grant(Log);
    let used = sandbox(u64::MAX)
        .run(&module, [])
        .expect("it starts")
        .usage
        .fuel;
    for fuel in (0..used).step_by(61) {
        let start = || sandbox(fuel).start(&module, []).expect("it starts");
        let whole = start().finish().report;
        let sliced = run_to_end(start(), 1);
        assert_eq!(whole.outcome, sliced.outcome);
        assert_eq!(
            whole.usage.fuel, sliced.usage.fuel,
            "with a budget of {fuel}"
        );
        assert_eq!(whole.logs, sliced.logs);
    }
}

#[test]
fn all_the_fuel_there_is_still_meets_the_deadline() {
    let hand = Hand::default();
    let clock = {
        let hand = hand.clone();
        move || hand.advance(Duration::from_millis(30))
    };
    let limits = roomy().fuel(u64::MAX).deadline(Duration::from_millis(100));
    let report = Sandbox::with_clock(limits, clock)
        .run(&module(ENDLESS), [])
        .expect("it starts");
    assert_eq!(code(&report), "deadline");
    assert_eq!(report.usage.slices, 4);
    assert!(report.usage.time >= Duration::from_millis(120));
    assert_eq!(
        report.usage.overrun,
        report.usage.time - Duration::from_millis(100)
    );
}

#[test]
fn without_time_no_instruction_runs() {
    let module = module(r#"(module (func (export "_start") unreachable))"#);
    let sandbox = timeless(roomy().deadline(Duration::ZERO));
    let report = sandbox.run(&module, []).expect("it starts");
    assert_eq!(code(&report), "deadline");
    assert_eq!((report.usage.fuel, report.usage.slices), (0, 0));
}

#[test]
fn a_step_of_nothing_runs_nothing() {
    let module = module(r#"(module (func (export "_start") unreachable))"#);
    let mut execution = timeless(roomy()).start(&module, []).expect("it starts");
    assert_eq!(execution.step(Slice::fuel(0)), Step::Paused);
    assert_eq!(execution.usage().slices, 0);
    assert_eq!(execution.step(Slice::fuel(1)), Step::Done);
}

#[test]
fn a_step_takes_about_what_it_was_given() {
    let module = module(ENDLESS);
    let mut execution = timeless(roomy()).start(&module, []).expect("it starts");
    let mut before = 0;
    for fuel in [1, 10, 1_000, 100_000] {
        assert_eq!(execution.step(Slice::fuel(fuel)), Step::Paused);
        let used = execution.usage().fuel - before;
        assert!(
            (fuel..fuel + 10).contains(&used),
            "{used} for a step of {fuel}"
        );
        before += used;
    }
}

#[test]
fn time_between_steps_does_not_count() {
    let hand = Hand::default();
    let limits = roomy().deadline(Duration::from_millis(10));
    let sandbox = Sandbox::with_clock(limits, hand.clock());
    let mut execution = sandbox.start(&module(ENDLESS), []).expect("it starts");
    for _ in 0..100 {
        hand.advance(Duration::from_secs(1));
        assert_eq!(execution.step(Slice::fuel(100)), Step::Paused);
    }
    assert_eq!(execution.usage().time, Duration::ZERO);
}

#[test]
fn time_in_a_host_function_counts() {
    let hand = Hand::default();
    let limits = roomy().deadline(Duration::from_millis(10));
    let slow = {
        let hand = hand.clone();
        Function::new("host", "slow", move || {
            hand.advance(Duration::from_millis(25));
        })
    };
    let module = module(
        r#"(module
            (import "host" "slow" (func $slow))
            (func (export "_start") (call $slow) (loop $again (br $again))))"#,
    );
    let report = Sandbox::with_clock(limits, hand.clock())
        .grant(slow)
        .run(&module, [])
        .expect("it starts");
    assert_eq!(code(&report), "deadline");
    assert_eq!(report.usage.overrun, Duration::from_millis(15));
}

#[test]
fn a_clock_that_goes_back_only_makes_the_deadline_late() {
    let hand = Hand::default();
    let clock = {
        let hand = hand.clone();
        move || Duration::from_secs(3_600).saturating_sub(hand.advance(Duration::from_secs(1)))
    };
    let limits = roomy().fuel(1_000_000).deadline(Duration::from_millis(1));
    let report = Sandbox::with_clock(limits, clock)
        .run(&module(ENDLESS), [])
        .expect("it starts");
    assert_eq!(code(&report), "out-of-fuel");
    assert_eq!(report.usage.time, Duration::ZERO);
}

#[test]
fn the_machines_own_clock_holds_the_deadline() {
    let limits = Limits::default()
        .fuel(u64::MAX)
        .deadline(Duration::from_millis(20));
    let report = Sandbox::new(limits)
        .run(&module(ENDLESS), [])
        .expect("it starts");
    assert_eq!(code(&report), "deadline");
    assert!(report.usage.time >= Duration::from_millis(20));
    // Generous: machines that run tests do other things too.
    assert!(report.usage.overrun < Duration::from_secs(5));
}

/// Guests that work for ever, each in another way.
const ENDLESS_WORK: [(&str, &str); 11] = [
    ("cache_misses", include_str!("../hostile/cache_misses.wat")),
    ("chases", include_str!("../hostile/chases.wat")),
    (
        "chases_after_nops",
        include_str!("../hostile/chases_after_nops.wat"),
    ),
    ("copies", include_str!("../hostile/copies.wat")),
    ("divisions", include_str!("../hostile/divisions.wat")),
    ("fills", include_str!("../hostile/fills.wat")),
    ("growths", include_str!("../hostile/growths.wat")),
    ("host_calls", include_str!("../hostile/host_calls.wat")),
    (
        "output_byte_by_byte",
        include_str!("../hostile/output_byte_by_byte.wat"),
    ),
    ("table_fills", include_str!("../hostile/table_fills.wat")),
    (
        "table_growths",
        include_str!("../hostile/table_growths.wat"),
    ),
];

#[test]
fn whatever_a_guest_does_for_ever_20_ms_of_the_machines_clock_end_it() {
    const DEADLINE: Duration = Duration::from_millis(20);
    // Some ms where nothing else runs; tests run beside others, on machines that have other work.
    const LATEST: Duration = Duration::from_secs(2);
    for (name, text) in ENDLESS_WORK {
        let case = Case::read(text).expect("the header says all");
        let module = case.admit().expect("it is admitted");
        let execution = case.start(&case.hurried(DEADLINE), &module);
        let report = execution.expect("it starts").finish().report;
        println!("{name}: {:?} late", report.usage.overrun);
        assert_eq!(code(&report), "deadline", "{name}");
        assert!(report.usage.overrun < LATEST, "{name}: {:?}", report.usage);
    }
}

#[test]
fn cancelling_reaches_every_phase() {
    let looping = r"(loop $again (br $again))";
    let guests = [
        (
            Phase::Start,
            format!(r#"(func $f {looping}) (start $f) (func (export "_start"))"#),
        ),
        (
            Phase::Initialize,
            format!(r#"(func (export "_initialize") {looping}) (func (export "_start"))"#),
        ),
        (
            Phase::Entry,
            format!(r#"(func (export "_start") {looping})"#),
        ),
    ];
    for (phase, guest) in guests {
        let module = module(&format!("(module {guest})"));
        let mut execution = timeless(roomy()).start(&module, []).expect("it starts");
        let cancel = execution.cancel_token();
        assert_eq!(execution.step(Slice::fuel(1_000)), Step::Paused);
        cancel.cancel();
        let expected = Outcome::Stopped {
            stop: Stop::Cancelled,
            phase,
        };
        assert_eq!(execution.finish().report.outcome, expected);
    }
}

#[test]
fn all_phases_share_one_budget() {
    let phase = r"(local $n i32) (loop $again
        (local.set $n (i32.add (local.get $n) (i32.const 1)))
        (br_if $again (i32.lt_u (local.get $n) (i32.const 100))))";
    let text = format!(
        r#"(module (func $f {phase}) (start $f) (func (export "_initialize") {phase})
            (func (export "_start") {phase}))"#
    );
    let module = module(&text);
    let run = |fuel| {
        timeless(roomy().fuel(fuel))
            .run(&module, [])
            .expect("it starts")
    };
    let used = run(u64::MAX).usage.fuel;
    for (fuel, phase) in [
        (used / 3 - 10, Phase::Start),
        (used / 3 * 2 - 10, Phase::Initialize),
        (used - 1, Phase::Entry),
    ] {
        let expected = Outcome::Stopped {
            stop: Stop::OutOfFuel { limit: fuel },
            phase,
        };
        assert_eq!(run(fuel).outcome, expected);
    }
}

#[test]
fn a_host_function_may_use_the_last_fuel_but_the_next_call_does_not_run() {
    let module = module(
        r#"(module
            (import "host" "spend" (func $spend (param i64)))
            (func (export "_start")
                (call $spend (i64.const 1000)) (call $spend (i64.const 0))))"#,
    );
    let spend = || {
        Function::new("host", "spend", |caller: &mut Caller<'_>, fuel: u64| {
            caller.charge(fuel)
        })
    };
    let run = |fuel| {
        let sandbox = timeless(roomy().fuel(fuel)).grant(spend());
        sandbox.run(&module, []).expect("it starts")
    };
    let all = run(u64::MAX).usage.fuel;
    // Enough for the first call and its work to the last unit.
    let report = run(all - 64);
    assert_eq!(code(&report), "out-of-fuel");
    assert_eq!((report.usage.host_calls, report.usage.fuel), (2, all - 64));
    // One less, and the first call cannot be paid either.
    let report = run(all - 65);
    assert_eq!((code(&report), report.usage.host_calls), ("out-of-fuel", 1));
}

#[test]
fn bulk_work_is_paid_by_the_byte() {
    let fuel = |bytes: u32| {
        let text = format!(
            r#"(module (memory 16) (func (export "_start")
                (memory.fill (i32.const 0) (i32.const 1) (i32.const {bytes}))))"#
        );
        let module: Module = module(&text);
        timeless(roomy())
            .run(&module, [])
            .expect("it starts")
            .usage
            .fuel
    };
    assert_eq!(fuel(1 << 20) - fuel(0), (1 << 20) / 64);
}
