//! A guest that asks its host waits, gets the answer, and is the same as if it had come at once.

mod laws;
mod limits;
mod memory;
mod tail_calls;

use crate::harness::{SLICES, code, module, roomy, same_but_for_time, timeless};
use fuelbox::{
    AnswerError, Call, Execution, Extensions, Finished, Function, HostError, Outcome, Phase,
    Reference, Sandbox, Slice, Step, Stop, Value, ValueType, Wait,
};
use std::{sync::Arc, time::Duration};

const ALL: Slice = Slice::fuel(u64::MAX);
const ASKS: Step = Step::Waiting(Wait::Host);
const SECOND: Duration = Duration::from_secs(1);

/// Asks for 1 in its start function, 2 in `_initialize`, then for n, n-1, .. 1, and returns the sum of all answers.
const SUM: &str = r#"(module
    (import "env" "ask" (func $ask (param i32) (result i32)))
    (memory (export "memory") 1)
    (global $sum (mut i32) (i32.const 0))
    (func $add (param i32)
        (global.set $sum (i32.add (global.get $sum) (call $ask (local.get 0)))))
    (func $start (call $add (i32.const 1)))
    (start $start)
    (func (export "_initialize") (call $add (i32.const 2)))
    (func (export "sum") (param $n i32) (result i32)
        (loop $again
            (call $add (local.get $n))
            (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (global.get $sum)))"#;

fn ask() -> Function {
    Function::waiting("env", "ask", &[ValueType::I32], &[ValueType::I32])
}

/// What is asked for, times ten.
fn answer(asked: &[Value]) -> Value {
    match asked {
        [Value::I32(n)] => Value::I32(n.wrapping_mul(10)),
        other => panic!("{other:?}"),
    }
}

/// Answers all that is asked; returns what was.
fn run_answering(execution: &mut Execution, slice: Slice) -> Vec<Value> {
    let mut asked = Vec::new();
    loop {
        match execution.step(slice) {
            Step::Done => return asked,
            ASKS => {
                let request = execution.request().expect("it asks");
                assert_eq!((request.module(), request.name()), ("env", "ask"));
                let value = answer(request.args());
                asked.extend_from_slice(request.args());
                assert_eq!(execution.answer_values(&[value]), Ok(()));
            }
            _ => assert!(execution.request().is_none()),
        }
    }
}

/// Has asked for 1, in its start function.
fn asking(sandbox: Sandbox) -> Execution {
    let call = Call::export("sum").args(1);
    let mut execution = sandbox
        .grant(ask())
        .start(&module(SUM), call)
        .expect("it starts");
    assert_eq!(execution.step(ALL), ASKS);
    execution
}

#[test]
fn a_guest_asks_in_every_phase_and_is_the_same_as_with_answers_at_once() {
    let module = module(SUM);
    let at_once = Function::new("env", "ask", |n: i32| n * 10);
    let call = || Call::export("sum").args(3);
    let expected = timeless(roomy()).grant(at_once).run(&module, call());
    let expected = same_but_for_time(expected.expect("it starts"));
    assert_eq!(expected.values, [Value::I32(90)]);
    for slice in SLICES {
        let sandbox = timeless(roomy()).grant(ask());
        let mut execution = sandbox.start(&module, call()).expect("it starts");
        let asked = run_answering(&mut execution, Slice::fuel(slice));
        assert_eq!(asked, [1, 2, 3, 2, 1].map(Value::I32));
        let report = execution.finish().report;
        assert_eq!(same_but_for_time(report), expected);
    }
}

#[test]
fn an_instance_that_has_waited_lives_on() {
    let sandbox = timeless(roomy()).grant(ask());
    let call = || Call::export("sum").args(2);
    let mut execution = sandbox.start(&module(SUM), call()).expect("it starts");
    run_answering(&mut execution, ALL);
    let Finished {
        instance, report, ..
    } = execution.finish();
    assert_eq!(report.values, [Value::I32(60)]);
    let instance = instance.expect("it lives");
    let mut execution = instance.start(call()).expect("it starts");
    assert_eq!(run_answering(&mut execution, ALL), [2, 1].map(Value::I32));
    let finished = execution.finish();
    assert_eq!(finished.report.values, [Value::I32(90)]);
    assert!(finished.instance.is_some());
}

#[test]
fn arguments_and_answers_of_every_type_arrive() {
    use ValueType::{ExternRef, F32, F64, I32, I64};

    let text = r#"(module
        (import "env" "all" (func $all (param i64 f32 f64 externref)
            (result f64 i64 f32 i32 externref)))
        (func (export "all") (result f64 i64 f32 i32 externref)
            (call $all (i64.const -5) (f32.const 1.5) (f64.const -2.5) (ref.null extern))))"#;
    let null = Value::ExternRef(Reference::Null);
    let types = [F64, I64, F32, I32, ExternRef];
    let all = Function::waiting("env", "all", &[I64, F32, F64, ExternRef], &types);
    let sandbox = timeless(roomy()).grant(all);
    let mut execution = sandbox
        .start(&module(text), Call::export("all"))
        .expect("it starts");
    assert_eq!(execution.step(ALL), ASKS);
    let args = [Value::I64(-5), Value::F32(1.5), Value::F64(-2.5), null];
    assert_eq!(execution.request().expect("it asks").args(), args);
    let results = [
        Value::F64(0.25),
        Value::I64(i64::MIN),
        Value::F32(-0.0),
        Value::I32(7),
        null,
    ];
    assert_eq!(execution.answer_values(&results), Ok(()));
    assert_eq!(execution.finish().report.values, results);
}

#[test]
fn nothing_can_be_the_answer() {
    let text =
        r#"(module (import "env" "done" (func $done)) (func (export "_start") (call $done)))"#;
    let done = Function::waiting("env", "done", &[], &[]);
    let mut execution = timeless(roomy())
        .grant(done)
        .start(&module(text), [])
        .expect("it starts");
    assert_eq!(execution.step(ALL), ASKS);
    assert_eq!(execution.answer(()), Ok(()));
    assert_eq!(execution.step(ALL), Step::Done);
    assert_eq!(execution.finish().report.status(), Some(0));
}

#[test]
fn a_wrong_answer_is_refused_and_the_guest_still_waits() {
    let mut execution = asking(timeless(roomy()));
    let types = |found: &[ValueType]| {
        Err(AnswerError::Types {
            expected: vec![ValueType::I32],
            found: found.to_vec(),
        })
    };
    assert_eq!(execution.answer(()), types(&[]));
    assert_eq!(execution.answer((1, 2)), types(&[ValueType::I32; 2]));
    assert_eq!(execution.answer(1_i64), types(&[ValueType::I64]));
    assert_eq!(execution.step(ALL), ASKS);
    assert_eq!(
        execution.request().expect("it asks").args(),
        [Value::I32(1)]
    );
    assert_eq!(
        run_answering(&mut execution, ALL),
        [1, 2, 1].map(Value::I32)
    );
    assert_eq!(execution.finish().report.values, [Value::I32(40)]);

    let text = r#"(module (import "env" "f" (func $f (result externref)))
        (func (export "f") (result i32) (ref.is_null (call $f))))"#;
    let f = Function::waiting("env", "f", &[], &[ValueType::ExternRef]);
    let sandbox = timeless(roomy()).grant(f);
    let mut execution = sandbox
        .start(&module(text), Call::export("f"))
        .expect("it starts");
    assert_eq!(execution.step(ALL), ASKS);
    let opaque = [Value::ExternRef(Reference::Opaque)];
    assert_eq!(
        execution.answer_values(&opaque),
        Err(AnswerError::Reference)
    );
    let null = [Value::ExternRef(Reference::Null)];
    assert_eq!(execution.answer_values(&null), Ok(()));
    assert_eq!(execution.finish().report.values, [Value::I32(1)]);
}

#[test]
fn a_guest_that_asks_nothing_is_answered_nothing() {
    let call = Call::export("sum").args(1);
    let sandbox = timeless(roomy()).grant(ask());
    let mut execution = sandbox.start(&module(SUM), call).expect("it starts");
    let nothing = |execution: &mut Execution| {
        assert!(execution.request().is_none());
        assert_eq!(execution.answer(1), Err(AnswerError::NothingAsked));
        let failed = execution.fail(HostError::message("no"));
        assert_eq!(failed, Err(AnswerError::NothingAsked));
    };
    nothing(&mut execution);
    assert_eq!(execution.step(ALL), ASKS);
    assert_eq!(execution.answer(10), Ok(()));
    nothing(&mut execution);
    run_answering(&mut execution, ALL);
    nothing(&mut execution);
    assert_eq!(execution.finish().report.values, [Value::I32(40)]);
}

#[test]
fn a_cancelled_guest_is_not_answered() {
    type Way = fn(&mut Execution) -> Result<(), AnswerError>;

    let stopped = Err(AnswerError::Stopped {
        stop: Stop::Cancelled,
    });
    let ways: [Way; 2] = [
        |one| one.answer(1),
        |one| one.fail(HostError::message("no")),
    ];
    for way in ways {
        let mut execution = asking(timeless(roomy()));
        execution.cancel_token().cancel();
        assert_eq!(way(&mut execution), stopped);
        assert!(execution.request().is_none() && execution.is_over());
        assert_eq!(way(&mut execution), stopped);
        let report = execution.finish().report;
        assert_eq!((code(&report), report.usage.host_calls), ("cancelled", 1));
    }
    let mut execution = asking(timeless(roomy()));
    execution.cancel_token().cancel();
    assert_eq!(execution.step(ALL), Step::Done);
    assert_eq!(code(&execution.finish().report), "cancelled");
}

#[test]
fn an_error_of_the_host_ends_the_run_as_that_of_a_function_does() {
    #[derive(Debug, PartialEq, thiserror::Error)]
    #[error("no such page")]
    struct NoPage(u32);

    let mut execution = asking(timeless(roomy()));
    execution.fail(NoPage(404)).expect("it asks");
    let report = execution.finish().report;
    let Outcome::Stopped { stop, phase } = &report.outcome else {
        panic!("{report:?}");
    };
    assert_eq!(*phase, Phase::Start);
    let Stop::HostFunction {
        module,
        name,
        error,
    } = stop
    else {
        panic!("{stop:?}");
    };
    assert_eq!((&**module, &**name), ("env", "ask"));
    assert_eq!(error.downcast_ref(), Some(&NoPage(404)));
}

#[test]
fn an_import_that_is_exported_waits_when_it_is_called() {
    let text = r#"(module (import "env" "ask" (func $ask (param i32) (result i32)))
        (export "ask" (func $ask)))"#;
    let sandbox = timeless(roomy()).grant(ask());
    let mut execution = sandbox
        .start(&module(text), Call::export("ask").args(4))
        .expect("it starts");
    assert_eq!(run_answering(&mut execution, ALL), [Value::I32(4)]);
    assert_eq!(execution.finish().report.values, [Value::I32(40)]);
}

#[test]
fn what_belongs_to_a_run_that_waits_is_reached_and_given_up_with_it() {
    let shared = Arc::new(());
    let call = Call::export("sum")
        .args(1)
        .extensions(Extensions::new().with(shared.clone()).with(1_u8));
    let sandbox = timeless(roomy()).grant(ask());
    let mut execution = sandbox.start(&module(SUM), call).expect("it starts");
    assert_eq!(execution.step(ALL), ASKS);
    let mut request = execution.request().expect("it asks");
    assert!(request.get::<Arc<()>>().is_some());
    *request.get_mut::<u8>().expect("it was given") += 1;
    assert_eq!(request.get::<u8>(), Some(&2));
    assert_eq!(Arc::strong_count(&shared), 2);
    drop(execution);
    assert_eq!(Arc::strong_count(&shared), 1);
}
