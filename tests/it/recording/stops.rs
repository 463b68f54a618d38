//! What ends a run from outside ends its replay at the same unit of fuel.

use super::{SUM, must_replay, run, summing};
use crate::harness::{MOST_RECORDED, clock, module, roomy, timeless};
use fuelbox::{Call, GrowthDenial, Limits, Module, Sandbox, Slice, Stop, Trap};
use std::time::Duration;

/// A guest that never ends, and calls its host all the time.
const ENDLESS: &str = r#"(module
    (import "env" "next" (func $next (param i32) (result i64)))
    (memory (export "memory") 1)
    (func $work (param i32) (local i32)
        (local.set 1 (i32.const 50))
        (loop $more
            (i32.store (i32.const 8) (i32.add (local.get 0) (local.get 1)))
            (br_if $more (local.tee 1 (i32.sub (local.get 1) (i32.const 1))))))
    (func (export "_start")
        (loop $again
            (call $work (i32.wrap_i64 (call $next (i32.const 7))))
            (br $again))))"#;

#[test]
fn a_deadline_is_a_point_in_the_code() {
    for tick in [10, 1_000, 54_321] {
        let clock = clock::Hand::default();
        let hand = clock.clone();
        let next = fuelbox::Function::new("env", "next", move |n: i32| {
            hand.advance(Duration::from_nanos(tick));
            i64::from(n)
        });
        let limits = roomy().deadline(Duration::from_millis(1));
        let sandbox = Sandbox::with_clock(limits, clock.clock()).grant(next);
        let module = module(ENDLESS);
        let finished = run(&sandbox, &module, "");
        assert_eq!(finished.report.outcome.code(), "deadline");
        must_replay(&module, &finished);
    }
}

#[test]
fn a_cancel_is_a_point_in_the_code() {
    let module = module(ENDLESS);
    for steps in 0..20 {
        let sandbox = summing().record(MOST_RECORDED);
        let mut execution = sandbox.start(&module, "").expect("it starts");
        for step in 0..steps {
            execution.step(Slice::fuel(100 + step * 37));
        }
        execution.cancel_token().cancel();
        let finished = execution.finish();
        assert_eq!(finished.report.stop(), Some(&Stop::Cancelled));
        must_replay(&module, &finished);
    }
}

#[test]
fn every_amount_of_fuel_runs_out_at_the_same_point() {
    let module = module(ENDLESS);
    for fuel in (0..3_000).step_by(17) {
        let next = fuelbox::Function::new("env", "next", |n: i32| i64::from(n));
        let sandbox = timeless(roomy().fuel(fuel)).grant(next);
        let finished = run(&sandbox, &module, "");
        assert_eq!(
            finished.report.stop(),
            Some(&Stop::OutOfFuel { limit: fuel })
        );
        must_replay(&module, &finished);
    }
}

#[test]
fn traps_and_denied_growths_come_again() {
    let guests = [
        (
            "(func (export \"_start\") (unreachable))",
            Trap::Unreachable,
        ),
        (
            "(func $deeper (export \"_start\") (call $deeper))",
            Trap::StackOverflow,
        ),
        (
            "(memory 1) (func (export \"_start\") (drop (i32.load (i32.const 65533))))",
            Trap::MemoryOutOfBounds,
        ),
    ];
    for (text, trap) in guests {
        let module = module(&format!("(module {text})"));
        let finished = run(&timeless(roomy()), &module, "");
        assert_eq!(finished.report.stop(), Some(&Stop::Trapped(trap)));
        must_replay(&module, &finished);
    }
    let grow =
        "(module (memory 1) (func (export \"grow\") (result i32) (memory.grow (i32.const 9))))";
    for denial in [GrowthDenial::Stop, GrowthDenial::Refuse] {
        let limits = Limits::default()
            .memory_bytes(4 << 16)
            .growth_denial(denial);
        let module = module(grow);
        let finished = run(&timeless(limits), &module, Call::export("grow"));
        assert_eq!(finished.report.usage.memory_growths_denied, 1);
        must_replay(&module, &finished);
    }
}

#[test]
fn limits_of_the_module_belong_to_the_recording() {
    let text = "(module (func $deeper (export \"_start\") (call $deeper)))";
    let wasm = wat::parse_str(text).expect("the text is valid");
    let deep = |depth| {
        let limits = fuelbox::ModuleLimits::default().call_depth(depth);
        let module = Module::builder().limits(limits).build(&wasm);
        module.expect("the module is admitted")
    };
    let finished = run(&timeless(roomy()), &deep(100), "");
    must_replay(&deep(100), &finished);
    let recording = super::recording(&finished);
    assert_eq!(recording.module_limits().call_depth, 100);
    // Under others it is another run, of which nothing is promised: only its report differs.
    let replay = recording.replay(&deep(200)).expect("it starts");
    assert!(replay.reports[0].usage.fuel > finished.report.usage.fuel);
    assert_eq!(module(SUM).fingerprint(), module(SUM).fingerprint());
}
