//! Code of the host that panics: the functions that it grants, and what listens to its logs.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

use super::subscriber::Fuse;
use crate::harness::{SLICES, code, module, roomy, run_to_end, same_but_for_time, timeless};
use fuelbox::{
    Call, Caller, Extensions, Finished, Function, HostError, Outcome, Phase, Sandbox, Slice,
    protocol,
};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The ways in which a function of the host ends, and what its run is stopped by.
const OUTCOMES: [(&str, &str); 4] = [
    ("returns", "finished"),
    ("fails", "host-function"),
    ("halts", "out-of-fuel"),
    ("panics", "host-function"),
];

/// Calls the function in each phase of a run, and at the end of it.
const CALLING: &str = r#"(module
    (import "env" "host_log" (func $log (param i32 i32)))
    (import "host" "f" (func $f (param i32) (result i32)))
    (memory (export "memory") 1)
    (func $start (call $log (i32.const 0) (i32.const 1)) (drop (call $f (i32.const 0))))
    (start $start)
    (func (export "_initialize") (drop (call $f (i32.const 1))))
    (func (export "execute") (param i32 i32) (result i32)
        (call $log (i32.const 0) (i32.const 2))
        (call $f (i32.const 2))))"#;

/// A sandbox whose function ends in one way when it is called with `at`.
fn sandbox(fuel: u64, how: &'static str, at: u32) -> Sandbox {
    let function = move |caller: &mut Caller<'_>, n: u32| -> Result<i32, HostError> {
        *caller.get_mut::<u32>().expect("it is given") += 1;
        match how {
            "fails" if n == at => Err(HostError::message("it fails")),
            "halts" if n == at => Ok(caller.charge(u64::MAX).map(|()| 0)?),
            "panics" if n == at => panic!("it panics"),
            _ => Ok(0),
        }
    };
    timeless(roomy().fuel(fuel))
        .grant(protocol())
        .grant(Function::new("host", "f", function))
}

#[test]
fn each_way_to_end_a_host_function_ends_the_run_the_same_in_every_slice() {
    let module = module(CALLING);
    for (how, expected) in OUTCOMES {
        for (at, phase) in [Phase::Start, Phase::Initialize, Phase::Entry]
            .into_iter()
            .enumerate()
        {
            let at = u32::try_from(at).expect("it is small");
            let sandbox = sandbox(1_000_000, how, at);
            let reports = SLICES.map(|slice| {
                let execution = sandbox.start(&module, counting());
                let report = run_to_end(execution.expect("it starts"), slice);
                same_but_for_time(report)
            });
            let [first, others @ ..] = &reports;
            assert_eq!(code(first), expected, "{how} in {phase:?}");
            if let Outcome::Stopped { phase: found, .. } = first.outcome {
                assert_eq!(found, phase, "{how}");
            }
            assert!(
                others.iter().all(|report| report == first),
                "{how}: {reports:#?}"
            );
        }
    }
}

/// With exactly the fuel that the call takes, the function still has its say; with less it is not
/// even called.
#[test]
fn each_way_to_end_a_host_function_holds_in_the_last_slice_too() {
    let module = module(CALLING);
    let run = |fuel, how| {
        let sandbox = sandbox(fuel, how, 2);
        let execution = sandbox.start(&module, counting());
        let Finished {
            report, extensions, ..
        } = execution.expect("it starts").finish();
        let calls = extensions.get::<u32>().copied();
        (report, calls.expect("it comes back"))
    };
    for (how, expected) in OUTCOMES {
        let (whole, calls) = run(1_000_000, how);
        assert_eq!((code(&whole), calls), (expected, 3), "{how}");
        let used = whole.usage.fuel;
        let (exact, calls) = run(used, how);
        assert_eq!((code(&exact), calls), (expected, 3), "{how}");
        assert_eq!((exact.logs, exact.usage.fuel), (whole.logs, used));
        // Whatever is missing: the run ends out of fuel, with all that came before.
        for missing in 1..64 {
            let (report, calls) = run(used - missing, how);
            assert_eq!(code(&report), "out-of-fuel", "{how}, {missing} too few");
            assert!(calls >= 2, "{how}, {missing} too few");
        }
    }
}

#[test]
fn a_subscriber_that_panics_panics_in_its_host_and_nowhere_else() {
    let module = module(CALLING);
    let sandbox = sandbox(1_000_000, "returns", 0);
    let run = || {
        let execution = sandbox.start(&module, counting());
        same_but_for_time(execution.expect("it starts").finish().report)
    };
    let expected = run();
    let mut panics = 0;
    for calls in 0.. {
        let fuse = Fuse::new();
        let burning = || {
            fuse.burn(calls);
            run()
        };
        let outcome = catch_unwind(AssertUnwindSafe(|| fuse.watch(|| drop(run()), burning)));
        assert_eq!(run(), expected, "the next run knows nothing of it");
        match outcome {
            Ok(report) => {
                assert_eq!(report, expected);
                break;
            }
            Err(_) => panics += 1,
        }
    }
    // The span is made, entered and left; two lines and two fields are told.
    assert!(panics >= 7, "{panics} panics");
}

#[test]
fn a_run_whose_steps_panicked_for_a_subscriber_still_has_its_report() {
    let module = module(CALLING);
    let sandbox = sandbox(1_000_000, "returns", 0);
    let start = || {
        let execution = sandbox.start(&module, counting());
        execution.expect("it starts")
    };
    let expected = same_but_for_time(start().finish().report);
    // A step enters the span, tells a line or none, and leaves the span.
    for calls in 0..3 {
        let fuse = Fuse::new();
        let logging = || drop(start().finish().report);
        let (report, panics) = fuse.watch(logging, || {
            let mut execution = start();
            let mut panics = 0;
            while !execution.is_over() {
                fuse.burn(calls);
                let step = catch_unwind(AssertUnwindSafe(|| execution.step(Slice::fuel(20))));
                panics += u32::from(step.is_err());
                // As entering the span panics, nothing would ever run.
                fuse.quench();
                execution.step(Slice::fuel(1));
            }
            (execution.finish().report, panics)
        });
        assert_eq!(fuse.lines(), report.logs.len() as u64, "each is told once");
        assert_eq!(same_but_for_time(report), expected);
        assert!(panics > 0, "none after {calls} calls");
    }
}

/// A call with a counter for host functions.
fn counting() -> Call {
    Call::entry().extensions(Extensions::new().with(0_u32))
}
