//! Any export can be called by name, with its own types and no others.

use crate::harness::{code, module, roomy, timeless};
use fuelbox::{
    Call, CallError, Error, ExternType, FunctionType, Module, Reference, Value, ValueType, protocol,
};

fn arithmetic() -> Module {
    module(
        r#"(module
            (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
            (func (export "swap") (param i64 f64) (result f64 i64) (local.get 1) (local.get 0))
            (func (export "nothing"))
            (func (export "trap") (result i32) unreachable)
            (func (export "is_null") (param externref) (result i32) (ref.is_null (local.get 0)))
            (memory (export "memory") 1)
            (global (export "global") i32 (i32.const 1)))"#,
    )
}

#[test]
fn typed_calls_return_what_the_export_returns() {
    let (sandbox, module) = (timeless(roomy()), arithmetic());
    assert_eq!(
        sandbox.call::<(i32, i32), i32>(&module, "add", (2, 40)),
        Ok(42)
    );
    assert_eq!(
        sandbox.call::<(u32, i32), u32>(&module, "add", (u32::MAX, 0)),
        Ok(u32::MAX)
    );
    assert_eq!(
        sandbox.call::<(i64, f64), (f64, i64)>(&module, "swap", (7, 1.5)),
        Ok((1.5, 7))
    );
    assert_eq!(sandbox.call::<(), ()>(&module, "nothing", ()), Ok(()));
}

#[test]
fn other_types_are_refused_with_both() {
    let (sandbox, module) = (timeless(roomy()), arithmetic());
    let refused = sandbox.call::<i32, i32>(&module, "add", 1);
    let one = FunctionType::new(&[ValueType::I32], &[ValueType::I32]);
    let two = FunctionType::new(&[ValueType::I32; 2], &[ValueType::I32]);
    let expected = Error::ExportType {
        name: "add".into(),
        expected: ExternType::Function(one),
        found: ExternType::Function(two),
    };
    assert_eq!(refused, Err(CallError::Refused(expected)));
    for refused in [
        sandbox
            .call::<(i32, i32), i64>(&module, "add", (1, 2))
            .map(drop),
        sandbox.call::<(i32, i32), ()>(&module, "add", (1, 2)),
        sandbox
            .call::<(i32, i64), i32>(&module, "add", (1, 2))
            .map(drop),
        sandbox
            .call::<(f64, i64), (f64, i64)>(&module, "swap", (1.0, 2))
            .map(drop),
    ] {
        assert!(
            matches!(refused, Err(CallError::Refused(Error::ExportType { .. }))),
            "{refused:?}"
        );
    }
}

#[test]
fn what_is_no_function_cannot_be_called() {
    let (sandbox, module) = (timeless(roomy()), arithmetic());
    for (name, expected) in [
        ("memory", "export-type"),
        ("global", "export-type"),
        ("none", "export-missing"),
        ("", "export-missing"),
    ] {
        let Err(CallError::Refused(error)) = sandbox.call::<(), ()>(&module, name, ()) else {
            panic!("{name} was called");
        };
        assert_eq!(error.code(), expected);
        let error = sandbox
            .start(&module, Call::export(name))
            .expect_err("it cannot be");
        assert_eq!(error.code(), expected);
    }
}

#[test]
fn dynamic_calls_take_and_return_values() {
    let (sandbox, module) = (timeless(roomy()), arithmetic());
    let call = Call::export("swap").values([Value::I64(-1), Value::F64(0.5)]);
    let report = sandbox
        .start(&module, call)
        .expect("it starts")
        .finish()
        .report;
    assert_eq!(report.values, [Value::F64(0.5), Value::I64(-1)]);
    for wrong in [
        vec![],
        vec![Value::I32(1)],
        vec![Value::I32(1), Value::I64(2)],
        vec![Value::I32(1); 3],
    ] {
        let error = sandbox.start(&module, Call::export("add").values(wrong));
        assert_eq!(error.expect_err("they do not fit").code(), "export-type");
    }
}

#[test]
fn only_null_references_can_be_passed() {
    let (sandbox, module) = (timeless(roomy()), arithmetic());
    let call = |reference| Call::export("is_null").values([Value::ExternRef(reference)]);
    let report = sandbox
        .start(&module, call(Reference::Null))
        .expect("it starts")
        .finish()
        .report;
    assert_eq!(report.values, [Value::I32(1)]);
    let error = sandbox
        .start(&module, call(Reference::Opaque))
        .expect_err("it cannot be passed");
    let expected = Error::Argument {
        name: "is_null".into(),
        index: 0,
    };
    assert_eq!(error, expected);
}

#[test]
fn a_call_that_stops_has_its_whole_report() {
    let stopped = timeless(roomy()).call::<(), i32>(&arithmetic(), "trap", ());
    let Err(error @ CallError::Stopped(_)) = stopped else {
        panic!("{stopped:?}");
    };
    assert!(error.to_string().contains("unreachable"));
    let CallError::Stopped(report) = error else {
        unreachable!()
    };
    assert_eq!(code(&report), "trap-unreachable");
    assert_eq!(report.usage.peak_memory_bytes, 65_536);
}

#[test]
fn a_call_may_read_input_and_needs_its_grants() {
    let module = module(
        r#"(module (import "env" "host_get_input_len" (func $len (result i32)))
            (func (export "len") (result i32) (call $len)))"#,
    );
    let call = || Call::export("len").input(b"12345");
    let error = timeless(roomy())
        .start(&module, call())
        .expect_err("it is not granted");
    assert_eq!(error.code(), "import-not-granted");
    let sandbox = timeless(roomy()).grant(protocol());
    let report = sandbox
        .start(&module, call())
        .expect("it starts")
        .finish()
        .report;
    assert_eq!(report.values, [Value::I32(5)]);
}

#[test]
fn a_call_begins_with_the_start_function_and_initialize() {
    let module = module(
        r#"(module (global $n (mut i32) (i32.const 1))
            (func $start (global.set $n (i32.mul (global.get $n) (i32.const 10))))
            (start $start)
            (func (export "_initialize") (global.set $n (i32.add (global.get $n) (i32.const 5))))
            (func (export "n") (result i32) (global.get $n)))"#,
    );
    assert_eq!(timeless(roomy()).call::<(), i32>(&module, "n", ()), Ok(15));
}

#[test]
fn a_call_is_checked_by_what_would_start_it() {
    let library = module(
        r#"(module (import "env" "host_log" (func (param i32 i32)))
            (func (export "add") (param i32 i32) (result i32) (i32.const 0))
            (func (export "is_null") (param externref)))"#,
    );
    let granted = timeless(roomy().input_bytes(3)).grant(protocol());
    assert!(!granted.check(&library).would_run());
    let add = |count| Call::export("add").values(vec![Value::I32(1); count]);
    for (sandbox, call) in [
        (&granted, &(|| add(2)) as &dyn Fn() -> Call),
        (&granted, &|| add(1)),
        (&granted, &|| Call::export("sub")),
        (&granted, &|| add(2).input(b"1234")),
        (&granted, &|| {
            Call::export("is_null").values([Value::ExternRef(Reference::Opaque)])
        }),
        (&timeless(roomy()), &|| add(2)),
        (&timeless(roomy()), &|| add(3)),
    ] {
        let preflight = sandbox.check_call(&library, &call());
        let started = sandbox.start(&library, call()).err();
        assert_eq!(preflight.refusals.first(), started.as_ref());
        assert_eq!(preflight.would_run(), started.is_none());
        assert_eq!(preflight.imports.len(), 1);
    }
}
