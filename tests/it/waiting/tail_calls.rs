//! A guest with tail calls waits as every guest does, however it gets to the host's function.

use super::{ALL, answer, ask, run_answering};
use crate::harness::{SLICES, admit, roomy, same_but_for_time, timeless};
use fuelbox::{Call, Function, Module, ModuleLimits, Proposal, Value};

/// Functions that end in a call of the host's `ask`, and keep values in locals of their callers meanwhile.
///
/// `(field, ending)`: a field of the module, and the operators that end the function, with the question on the stack.
const WAYS: &[(&str, &str)] = &[
    ("", "return_call $ask"),
    (
        "(table 2 funcref) (elem (i32.const 1) func $ask)",
        "i32.const 1 return_call_indirect (type $asks)",
    ),
    (
        "(table 2 funcref) (elem (i32.const 1) funcref (ref.func $ask))",
        "i32.const 1 return_call_indirect (type $asks)",
    ),
    (
        "(table 2 funcref) (elem $e func $ask)",
        "i32.const 1 i32.const 0 i32.const 1 table.init $e i32.const 1 return_call_indirect (type $asks)",
    ),
    (
        "(table 2 funcref) (elem declare func $ask)",
        "i32.const 1 ref.func $ask table.set 0 i32.const 1 return_call_indirect (type $asks)",
    ),
    (
        "(table 2 funcref) (global $g funcref (ref.func $ask))",
        "i32.const 1 global.get $g table.set 0 i32.const 1 return_call_indirect (type $asks)",
    ),
    (
        // Only the export declares the reference that code makes.
        "(table 2 funcref) (export \"ask\" (func $ask))",
        "i32.const 1 ref.func $ask table.set 0 i32.const 1 return_call_indirect (type $asks)",
    ),
    (
        "(table 2 funcref) (elem (i32.const 1) func $tail) (func $tail (type $asks) (return_call $ask (local.get 0)))",
        "i32.const 1 return_call_indirect (type $asks)",
    ),
];

/// A module whose `sum` asks for 4 and 5 and adds both to what it kept, 1,000 and 100.
fn text(field: &str, ending: &str) -> String {
    format!(
        r#"(module
            (type $asks (func (param i32) (result i32)))
            (import "env" "other" (func $other (param i64) (result i64)))
            (import "env" "ask" (func $ask (type $asks)))
            (global $before i64 (i64.const 7))
            {field}
            (func $ends (param i32) (result i32) (local i64 i64 i64)
                local.get 0 {ending})
            (func (export "sum") (param $a i32) (param $b i32) (result i32)
                (local $kept i32) (local $also i32)
                (local.set $kept (i32.const 1000))
                (local.set $also (i32.const 100))
                (i32.add
                    (i32.add (call $ends (local.get $a)) (local.get $kept))
                    (i32.add (call $ends (local.get $b)) (local.get $also)))))"#
    )
}

fn module(text: &str) -> Module {
    let limits = ModuleLimits::default().allow(Proposal::TailCall);
    admit(text, &limits).expect("it is admitted")
}

fn other() -> Function {
    Function::new("env", "other", |n: i64| n)
}

#[test]
fn what_is_answered_later_comes_to_the_function_that_asked() {
    let call = || Call::export("sum").args((4, 5));
    for (field, ending) in WAYS {
        let module = module(&text(field, ending));
        let at_once = Function::new("env", "ask", |n: i32| n * 10);
        let at_once = timeless(roomy()).grant(at_once).grant(other());
        let expected = same_but_for_time(at_once.run(&module, call()).expect("it starts"));
        assert_eq!(expected.values, [Value::I32(1_190)], "{field} {ending}");
        for slice in SLICES {
            let sandbox = timeless(roomy()).grant(ask()).grant(other());
            let mut execution = sandbox.start(&module, call()).expect("it starts");
            let asked = run_answering(&mut execution, fuelbox::Slice::fuel(slice));
            assert_eq!(asked, [4, 5].map(Value::I32));
            let report = same_but_for_time(execution.finish().report);
            assert_eq!(report, expected, "{field} {ending}, in slices of {slice}");
        }
    }
}

#[test]
fn a_snapshot_keeps_references_to_functions_of_the_host() {
    for (field, ending) in WAYS {
        let limits = ModuleLimits::default().allow(Proposal::TailCall);
        let builder = Module::builder().limits(limits).snapshots(true);
        let module = builder
            .build_wat(&text(field, ending))
            .expect("it is admitted");
        let sandbox = timeless(roomy()).grant(ask()).grant(other());
        let call = || Call::export("sum").args((1, 2));
        let instance = sandbox.instantiate(&module).expect("it starts");
        let mut execution = instance.start(call()).expect("it starts");
        run_answering(&mut execution, ALL);
        let mut instance = execution.finish().instance.expect("it lives");
        let snapshot = instance.snapshot().expect("it can be written back");
        let mut execution = sandbox.start(&snapshot, call()).expect("it starts");
        assert_eq!(run_answering(&mut execution, ALL).len(), 2);
        let expected = answer(&[Value::I32(113)]);
        assert_eq!(
            execution.finish().report.values,
            [expected],
            "{field} {ending}"
        );
    }
}

#[test]
#[cfg(feature = "observe")]
fn a_recording_gives_the_same_answers_to_a_guest_that_tells_where_it_is() {
    let limits = ModuleLimits::default().allow(Proposal::TailCall);
    for (field, ending) in WAYS {
        let wasm = wat::parse_str(text(field, ending)).expect("the text is valid");
        let builder = Module::builder().limits(limits.clone());
        let module = builder.build(&wasm).expect("it is admitted");
        let sandbox = timeless(roomy()).grant(ask()).grant(other());
        let sandbox = sandbox.record(1 << 20);
        let call = Call::export("sum").args((4, 5));
        let mut execution = sandbox.start(&module, call).expect("it starts");
        run_answering(&mut execution, ALL);
        let finished = execution.finish();
        let recording = finished.recording.expect("it is recorded");
        let observation = recording.observe(&wasm).expect("it starts again");
        assert_eq!(observation.replay.divergence, None, "{field} {ending}");
        assert_eq!(observation.replay.reports, [finished.report]);
    }
}

/// The interpreter's own fault, for which all this is done: docs/engine.md says when it can go.
#[test]
fn without_trampolines_an_answer_goes_to_the_wrong_place() {
    let limits = ModuleLimits::default()
        .allow(Proposal::TailCall)
        .keep_faults();
    let module = admit(&text("", "return_call $ask"), &limits).expect("it is admitted");
    let sandbox = timeless(roomy()).grant(ask()).grant(other());
    let call = Call::export("sum").args((4, 5));
    let mut execution = sandbox.start(&module, call).expect("it starts");
    run_answering(&mut execution, ALL);
    assert_ne!(execution.finish().report.values, [Value::I32(1_190)]);
}
