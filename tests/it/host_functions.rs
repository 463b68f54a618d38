//! A function of the host may fail, panic or lie: the run ends, the host goes on.

use crate::harness::{SLICES, code, module, roomy, run_to_end, timeless};
use fuelbox::{
    Blame, Call, Caller, Extensions, Finished, Function, HostError, Module, Reference, Report,
    Stop, Value, ValueType,
};
use std::fmt;

#[derive(Debug, PartialEq)]
struct NoSuchPrice(u32);

impl fmt::Display for NoSuchPrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no price for {}", self.0)
    }
}

impl std::error::Error for NoSuchPrice {}

/// Calls `host.f`, which is of type `ty`, with 7 and returns what it returns.
fn calling() -> Module {
    module(
        r#"(module (import "host" "f" (func $f (param i32) (result i32)))
            (func (export "execute") (param i32 i32) (result i32) (call $f (i32.const 7))))"#,
    )
}

fn run(function: Function) -> Report {
    let sandbox = timeless(roomy()).grant(function);
    sandbox.run(&calling(), []).expect("it starts")
}

fn stopped_by(report: &Report) -> &HostError {
    let Some(Stop::HostFunction {
        module,
        name,
        error,
    }) = report.stop()
    else {
        panic!("{:?}", report.outcome);
    };
    assert_eq!((&**module, &**name), ("host", "f"));
    error
}

#[test]
fn an_error_comes_back_as_the_hosts_own_type() {
    let report = run(Function::new(
        "host",
        "f",
        |sku: u32| -> Result<i32, NoSuchPrice> { Err(NoSuchPrice(sku)) },
    ));
    assert_eq!(stopped_by(&report).downcast_ref(), Some(&NoSuchPrice(7)));
    assert_eq!(report.stop().map(Stop::blame), Some(Blame::Host));
    assert!(report.outcome.to_string().contains("no price for 7"));
    assert_eq!(report.usage.host_calls, 1);
}

#[test]
fn a_panic_stops_the_run_and_nothing_else() {
    for message in ["out of cheese", "fuel"] {
        let report = run(Function::new("host", "f", move |n: i32| -> i32 {
            panic!("{message} {n}")
        }));
        assert_eq!(
            stopped_by(&report).to_string(),
            format!("panicked: {message} 7")
        );
    }
    let report = run(Function::new("host", "f", |_: i32| -> i32 {
        std::panic::panic_any(NoSuchPrice(1))
    }));
    assert_eq!(code(&report), "host-function");
    assert_eq!(
        run(Function::new("host", "f", |n: i32| n)).status(),
        Some(7)
    );
}

#[test]
fn a_dynamic_function_must_keep_its_types() {
    let returning = |values: Vec<Value>| {
        run(Function::dynamic(
            "host",
            "f",
            &[ValueType::I32],
            &[ValueType::I32],
            move |_, params| -> Result<_, HostError> {
                assert_eq!(params, [Value::I32(7)]);
                Ok(values.clone())
            },
        ))
    };
    assert_eq!(returning(vec![Value::I32(9)]).status(), Some(9));
    for wrong in [
        vec![],
        vec![Value::I64(9)],
        vec![Value::I32(9), Value::I32(9)],
        vec![Value::F32(9.0)],
    ] {
        let report = returning(wrong);
        assert!(stopped_by(&report).to_string().contains("other types"));
    }
}

#[test]
fn only_null_references_go_to_a_guest() {
    let module = module(
        r#"(module (import "host" "f" (func $f (result externref)))
            (func (export "execute") (param i32 i32) (result i32) (ref.is_null (call $f))))"#,
    );
    let run = |reference| {
        let function = Function::dynamic("host", "f", &[], &[ValueType::ExternRef], move |_, _| {
            Ok::<_, HostError>([Value::ExternRef(reference)])
        });
        timeless(roomy())
            .grant(function)
            .run(&module, [])
            .expect("it starts")
    };
    assert_eq!(run(Reference::Null).status(), Some(1));
    assert_eq!(code(&run(Reference::Opaque)), "host-function");
}

#[test]
fn values_of_every_type_go_over_and_come_back() {
    let types = [
        ValueType::I32,
        ValueType::I64,
        ValueType::F32,
        ValueType::F64,
        ValueType::FuncRef,
        ValueType::ExternRef,
    ];
    let module = module(
        r#"(module
            (import "host" "same" (func $same
                (param i32 i64 f32 f64 funcref externref) (result i32 i64 f32 f64 funcref externref)))
            (func (export "same")
                (param i32 i64 f32 f64 funcref externref) (result i32 i64 f32 f64 funcref externref)
                (call $same (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5))))"#,
    );
    let sandbox = timeless(roomy()).grant(Function::dynamic(
        "host",
        "same",
        &types,
        &types,
        |_, params| Ok::<_, HostError>(params.to_vec()),
    ));
    let values = vec![
        Value::I32(i32::MIN),
        Value::I64(i64::MIN),
        Value::F32(f32::from_bits(0x7fa0_0001)),
        Value::F64(f64::from_bits(0x7ff4_0000_0000_0001)),
        Value::FuncRef(Reference::Null),
        Value::ExternRef(Reference::Null),
    ];
    let call = Call::export("same").values(values.clone());
    let report = sandbox
        .start(&module, call)
        .expect("it starts")
        .finish()
        .report;
    assert_eq!(report.values, values);
}

#[test]
fn sixteen_parameters_arrive_in_order() {
    let module = module(
        r#"(module
            (import "host" "f" (func $f
                (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i64)))
            (func (export "f") (result i64)
                (call $f
                    (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4)
                    (i32.const 5) (i32.const 6) (i32.const 7) (i32.const 8)
                    (i32.const 9) (i32.const 10) (i32.const 11) (i32.const 12)
                    (i32.const 13) (i32.const 14) (i32.const 15) (i32.const 0))))"#,
    );
    #[rustfmt::skip]
    let hexadecimal = |a: u32, b: u32, c: u32, d: u32, e: u32, f: u32, g: u32, h: u32,
                       i: u32, j: u32, k: u32, l: u32, m: u32, n: u32, o: u32, p: u32| {
        [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]
            .into_iter()
            .fold(0_u64, |number, digit| number << 4 | u64::from(digit))
    };
    let (params, results) = ([ValueType::I32; 16], [ValueType::I64]);
    let dynamic = |_: &mut Caller<'_>, digits: &[Value]| -> Result<_, HostError> {
        let number = digits.iter().fold(0, |number, digit| match digit {
            Value::I32(digit) => number << 4 | i64::from(*digit),
            _ => panic!("{digit:?} is no digit"),
        });
        Ok([Value::I64(number)])
    };
    for function in [
        Function::new("host", "f", hexadecimal),
        Function::dynamic("host", "f", &params, &results, dynamic),
    ] {
        let sandbox = timeless(roomy()).grant(function);
        assert_eq!(
            sandbox.call::<(), u64>(&module, "f", ()),
            Ok(0x1234_5678_9abc_def0)
        );
    }
}

#[test]
fn what_a_function_charges_is_taken_whatever_the_slice() {
    let module = module(
        r#"(module (import "host" "spend" (func $spend (param i64)))
            (func (export "_start")
                (call $spend (i64.const 5000))
                (call $spend (i64.const 3))
                (call $spend (i64.const 123456))))"#,
    );
    let sandbox = timeless(roomy().fuel(1_000_000)).grant(Function::new(
        "host",
        "spend",
        |caller: &mut Caller<'_>, fuel: u64| {
            let before = (caller.fuel_used(), caller.fuel_left());
            caller.charge(fuel)?;
            let after = (caller.fuel_used(), caller.fuel_left());
            assert_eq!((before.0 + fuel, before.1 - fuel), after);
            assert_eq!(after.0 + after.1, 1_000_000);
            Ok::<_, HostError>(())
        },
    ));
    let reports = SLICES.map(|slice| {
        let report = run_to_end(sandbox.start(&module, []).expect("it starts"), slice);
        assert_eq!(code(&report), "finished");
        report.usage.fuel
    });
    assert!(reports[0] > 128_459);
    assert_eq!(reports, [reports[0]; 4]);
}

#[test]
fn a_halt_that_is_not_passed_up_lets_the_run_go_on() {
    let function = Function::new("host", "f", |caller: &mut Caller<'_>, n: i32| {
        let halt = caller.charge(u64::MAX).expect_err("nobody has that much");
        assert_eq!(halt.stop().code(), "out-of-fuel");
        assert!(caller.get::<NoSuchPrice>().is_none());
        n
    });
    let sandbox = timeless(roomy().fuel(1_000)).grant(function);
    assert_eq!(
        sandbox.run(&calling(), []).expect("it starts").status(),
        Some(7)
    );
}

#[test]
fn extensions_belong_to_one_run_and_come_back() {
    struct Count(u32);
    let function = Function::new("host", "f", |caller: &mut Caller<'_>, _: i32| -> i32 {
        let Some(count) = caller.get_mut::<Count>() else {
            return -1;
        };
        count.0 += 1;
        i32::try_from(count.0).expect("it is small")
    });
    let sandbox = timeless(roomy()).grant(function);
    let module = calling();
    for _ in 0..2 {
        let extensions = Extensions::new().with(Count(41));
        let execution = sandbox
            .start(&module, Call::entry().extensions(extensions))
            .expect("it starts");
        let Finished {
            report, extensions, ..
        } = execution.finish();
        assert_eq!(report.status(), Some(42));
        assert_eq!(extensions.get::<Count>().map(|count| count.0), Some(42));
    }
    assert_eq!(
        sandbox.run(&module, []).expect("it starts").status(),
        Some(-1)
    );
}

#[test]
fn a_function_sees_how_large_the_memory_is() {
    let text = |memory: &str, grow: &str| {
        module(&format!(
            r#"(module (import "host" "size" (func $size (result i64))) {memory}
                (func (export "sizes") (result i64 i64) (call $size) {grow} (call $size)))"#
        ))
    };
    let size = Function::new("host", "size", |caller: &mut Caller<'_>| {
        caller.memory_size()
    });
    let sandbox = timeless(roomy()).grant(size);
    let sizes = |module: &Module| sandbox.call::<_, (u64, u64)>(module, "sizes", ());

    let grows = text(
        r#"(memory (export "memory") 1)"#,
        "(drop (memory.grow (i32.const 2)))",
    );
    assert_eq!(sizes(&grows), Ok((65_536, 3 * 65_536)));
    assert_eq!(sizes(&text("", "")), Ok((0, 0)));
}
