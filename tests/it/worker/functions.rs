//! Functions of the host, asked for over the socket.

use super::{module, options};
use fuelbox::{
    Call, Caller, Error, Extensions, Function, HostError, Limits, Module, Report, Sandbox, Stop,
    Value, ValueType, protocol,
    worker::{Asking, WorkerError, WorkerModule, WorkerPool, WorkerSpec},
};
use std::sync::atomic::{AtomicU32, Ordering};

/// Shouts what lies in its memory, and says how much that was.
const SHOUTS: &str = r#"(module
    (import "env" "shout" (func $shout (param i32 i32) (result i32)))
    (import "env" "host_write_output" (func $write (param i32 i32)))
    (memory (export "memory") 1)
    (data (i32.const 8) "hello")
    (func (export "at") (param i32 i32) (result i32)
        (call $shout (local.get 0) (local.get 1))
        (call $write (i32.const 8) (i32.const 5))))"#;

const PARAMS: [ValueType; 2] = [ValueType::I32; 2];
const RESULTS: [ValueType; 1] = [ValueType::I32];

#[derive(Debug, PartialEq, thiserror::Error)]
#[error("too loud")]
struct TooLoud;

fn range(args: &[Value]) -> (u32, u32) {
    match args {
        [Value::I32(ptr), Value::I32(len)] => (ptr.cast_unsigned(), len.cast_unsigned()),
        other => panic!("{other:?}"),
    }
}

/// The same function here, for a caller in this process, and there.
fn here(caller: &mut Caller<'_>, args: &[Value]) -> Result<Vec<Value>, HostError> {
    let (ptr, len) = range(args);
    caller.charge(1_000)?;
    let mut text = caller.read(ptr, len)?.to_vec();
    text.make_ascii_uppercase();
    if len == 4 {
        return Err(TooLoud.into());
    }
    caller.write(ptr, &text)?;
    Ok(vec![Value::I32(2)])
}

fn there(asking: &mut Asking<'_>, args: &[Value]) -> Result<Vec<Value>, HostError> {
    let (ptr, len) = range(args);
    asking.charge(1_000)?;
    let mut text = asking.read(ptr, len)?;
    text.make_ascii_uppercase();
    if len == 4 {
        return Err(TooLoud.into());
    }
    if let Some(seen) = asking.get_mut::<Vec<Vec<u8>>>() {
        seen.push(text.clone());
    }
    asking.write(ptr, &text)?;
    Ok(vec![Value::I32(2)])
}

fn spec(limits: Limits) -> WorkerSpec {
    let sandbox = Sandbox::new(limits).grant(protocol());
    let spec = WorkerSpec::new(&sandbox).expect("it is data");
    spec.function("env", "shout", &PARAMS, &RESULTS, there)
}

fn start(spec: WorkerSpec) -> WorkerPool {
    WorkerPool::with_options(spec, 1, options()).expect("workers can be started")
}

fn call(ptr: i32, len: i32) -> Call {
    Call::export("at").args((ptr, len))
}

fn same(limits: Limits, ptr: i32, len: i32) -> Report {
    let function = Function::dynamic("env", "shout", &PARAMS, &RESULTS, here);
    let sandbox = Sandbox::new(limits.clone())
        .grant(protocol())
        .grant(function);
    let shouts = Module::from_wat(SHOUTS).expect("it is valid");
    let here = sandbox.run(&shouts, call(ptr, len)).expect("it runs");
    let there = start(spec(limits)).run(&module(SHOUTS), call(ptr, len));
    let there = there.expect("it runs");
    assert_eq!(
        crate::harness::same_but_for_time(here),
        crate::harness::same_but_for_time(there.clone())
    );
    there
}

#[test]
fn a_function_of_the_host_reads_and_writes_the_guests_memory_for_the_same_fuel_as_in_its_process() {
    let report = same(Limits::default(), 8, 5);
    assert_eq!(report.output, b"HELLO");
    assert_eq!(report.values, [Value::I32(2)]);
}

#[test]
fn what_stops_a_guest_in_a_function_of_the_host_is_told_as_it_is() {
    let fault = same(Limits::default(), 65_530, 100);
    assert_eq!(fault.outcome.code(), "fault");
    let unpaid = same(Limits::default().fuel(500), 8, 5);
    assert_eq!(unpaid.outcome.code(), "out-of-fuel");
    let failed = same(Limits::default(), 8, 4);
    let Some(Stop::HostFunction { error, .. }) = failed.stop() else {
        panic!("{:?}", failed.outcome);
    };
    // It never left this process, so it is still what it was.
    assert_eq!(error.downcast_ref::<TooLoud>(), Some(&TooLoud));
}

#[test]
fn extensions_stay_with_the_host_and_its_functions_find_them() {
    static SEEN: AtomicU32 = AtomicU32::new(0);
    struct Told;
    impl Drop for Told {
        fn drop(&mut self) {
            SEEN.fetch_add(1, Ordering::Relaxed);
        }
    }

    let spec =
        spec(Limits::default()).function("env", "shout", &PARAMS, &RESULTS, |asking, args| {
            assert!(asking.get::<Told>().is_some());
            there(asking, args)
        });
    let pool = start(spec);
    let report = pool.run(
        &module(SHOUTS),
        call(8, 5).extensions(Extensions::new().with(Told)),
    );
    assert!(report.is_ok_and(|report| report.is_success()));
    assert_eq!(SEEN.load(Ordering::Relaxed), 1);
}

#[test]
fn a_function_that_panics_stops_the_run_and_nothing_else() {
    let spec = spec(Limits::default()).function(
        "env",
        "shout",
        &PARAMS,
        &RESULTS,
        |_, args| -> Result<Vec<Value>, HostError> { panic!("{} is too much", args.len()) },
    );
    let pool = start(spec);
    let first = pool.process_ids();
    let report = pool.run(&module(SHOUTS), call(8, 5)).expect("it runs");
    let stop = report.stop().expect("it has panicked").to_string();
    assert!(stop.contains("panicked: 2 is too much"), "{stop}");
    assert_eq!(pool.process_ids(), first);
}

#[test]
fn results_of_another_type_stop_the_run() {
    let spec = spec(Limits::default()).function("env", "shout", &PARAMS, &RESULTS, |_, _| {
        Ok::<_, HostError>(vec![Value::I64(1)])
    });
    let report = start(spec)
        .run(&module(SHOUTS), call(8, 5))
        .expect("it runs");
    assert_eq!(report.outcome.code(), "host-function");
}

#[test]
fn what_cannot_cross_is_named() {
    let sandbox = Sandbox::new(Limits::default());
    let function = Function::new("env", "price", |sku: u32| sku);
    let random = fuelbox::capability::Random::from_source(|buffer| buffer.fill(4));
    let named = |sandbox: &Sandbox| match WorkerSpec::new(sandbox) {
        Err(WorkerError::Crossing { grant }) => grant.into_owned(),
        other => panic!("{other:?}"),
    };
    assert_eq!(named(&sandbox.clone().grant(function)), "env.price");
    assert_eq!(named(&sandbox.clone().grant(random)), "Random");
    let (reader, _writer) = fuelbox::capability::pipe();
    let wasi = fuelbox::capability::Wasi::new().stdin(reader);
    assert_eq!(named(&sandbox.grant(wasi)), "Wasi");
}

#[test]
fn typed_calls_check_both_types_before_anything_runs() {
    let add = r#"(module (func (export "add") (param i32 i32) (result i32)
        (i32.add (local.get 0) (local.get 1))))"#;
    let pool = super::pool(&Sandbox::new(Limits::default()), 1);
    let module = WorkerModule::new(wat::parse_str(add).expect("it is valid"));
    assert_eq!(pool.call::<_, i32>(&module, "add", (2, 40)), Ok(42));
    let sandbox = Sandbox::new(Limits::default());
    let same = |refused: Result<i64, WorkerError>, name, here: Result<i64, fuelbox::CallError>| {
        assert_eq!(refused, here.map_err(WorkerError::from), "{name}");
    };
    let here = Module::from_wat(add).expect("it is valid");
    for name in ["add", "none"] {
        let there = pool.call::<_, i64>(&module, name, (2, 40));
        same(there, name, sandbox.call::<_, i64>(&here, name, (2, 40)));
    }
    let refused = pool.run(&WorkerModule::new(b"no module".as_slice()), []);
    assert!(matches!(
        refused,
        Err(WorkerError::Refused(Error::InvalidModule { .. }))
    ));
}
