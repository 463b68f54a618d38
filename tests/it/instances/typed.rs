//! A typed call has no report where it returns, and all of one where it does not.

use super::counter;
use crate::harness::{clock::ticking, module, roomy, timeless};
use fuelbox::{
    CallError, Error, ExternType, FunctionType, Instance, Report, Sandbox, Stop, Value, ValueType,
    capability::Wasi,
};
use std::time::Duration;

const TICK: Duration = Duration::from_micros(10);
const DEADLINE: Duration = Duration::from_millis(5);

fn instance() -> Instance {
    let limits = roomy().deadline(DEADLINE);
    let sandbox = Sandbox::with_clock(limits, ticking(TICK));
    sandbox.instantiate(&counter()).expect("it starts")
}

fn stopped(call: Result<(), CallError>) -> Report {
    match call {
        Err(CallError::Stopped(report)) => *report,
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_that_stops_in_its_first_slice_says_how_long_it_took() {
    let mut instance = instance();
    assert_eq!(instance.call("add", 1), Ok(1_001));
    let report = stopped(instance.call("trap", ()));
    assert_eq!((report.usage.slices, report.usage.time), (1, TICK));
}

#[test]
fn one_that_goes_on_is_ended_by_its_deadline() {
    let report = stopped(instance().call("loop", ()));
    assert_eq!(report.stop(), Some(&Stop::Deadline { limit: DEADLINE }));
    assert_eq!(report.usage.time, DEADLINE);
}

#[test]
fn values_of_types_that_are_only_known_at_run_time_go_in_and_out() {
    let mut instance = instance();
    // Whatever is there beforehand.
    let mut results = [Value::F64(0.5)];
    for n in 1..4 {
        instance
            .call_values("add", &[Value::I32(1)], &mut results)
            .expect("it returns");
        assert_eq!(results, [Value::I32(1_000 + n)]);
    }
    let none = instance.call_values("store", &[Value::I32(0), Value::I32(7)], &mut []);
    assert_eq!(none, Ok(()));
}

#[test]
fn values_that_do_not_fit_are_refused_before_anything_runs() {
    let mut instance = instance();
    let (one, found) = (
        [Value::I32(1)],
        FunctionType::new(&[ValueType::I32], &[ValueType::I32]),
    );
    let refused = |call: Result<(), CallError>| match call {
        Err(CallError::Refused(error)) => error,
        other => panic!("{other:?}"),
    };
    for room in [0, 2, 1_001] {
        let mut results = vec![Value::I64(0); room];
        let error = refused(instance.call_values("add", &one, &mut results));
        let expected = FunctionType::new(&[ValueType::I32], &vec![ValueType::I64; room]);
        let expected = Error::ExportType {
            name: "add".into(),
            expected: ExternType::Function(expected),
            found: ExternType::Function(found.clone()),
        };
        assert_eq!(error, expected);
        assert!(results.iter().all(|result| *result == Value::I64(0)));
    }
    let mut results = [Value::I32(7)];
    let error = refused(instance.call_values("add", &[Value::I64(1)], &mut results));
    assert_eq!(error.code(), "export-type");
    let error = refused(instance.call_values("sub", &one, &mut results));
    assert_eq!(error.code(), "export-missing");
    assert_eq!(results, [Value::I32(7)]);
    assert_eq!(instance.call("add", 0), Ok(1_000));
}

#[test]
fn a_call_by_values_of_a_guest_that_stops_or_exits_has_a_report() {
    let mut room = [Value::I32(0)];
    let report = stopped(instance().call_values("trap", &[], &mut []));
    assert_eq!((report.usage.slices, report.usage.time), (1, TICK));

    let module = module(
        r#"(module
            (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (memory (export "memory") 1)
            (func (export "number") (param i32) (result i32) (call $exit (local.get 0)) (i32.const 7))
            (func (export "nothing") (param i32) (call $exit (local.get 0))))"#,
    );
    let sandbox = timeless(roomy()).grant(Wasi::new());
    let exit = |name, status, results: &mut [Value]| {
        let mut instance = sandbox.instantiate(&module).expect("it starts");
        instance.call_values(name, &[Value::I32(status)], results)
    };
    assert_eq!(stopped(exit("number", 0, &mut room)).status(), Some(0));
    assert_eq!(stopped(exit("nothing", 3, &mut [])).status(), Some(3));
    assert_eq!(exit("nothing", 0, &mut []), Ok(()));
}
