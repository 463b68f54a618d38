//! What a call costs in Rust, to compare with `cost.c`: see `bindings/c/cost`.
//!
//! `cost calls.wasm host.wasm` says what the fastest round took; `cost calls.wasm host.wasm CASE` goes through one case
//! for callgrind to count the instructions of, and prints how many calls there were.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "it measures"
)]

use fuelbox::{
    Call, Caller, Function, HostError, Instance, Limits, Module, Sandbox, Value, ValueType,
};
use std::{env, error::Error, fs, hint::black_box, time::Instant};

/// Rounds are short, about two milliseconds, so that nothing interrupts the fastest.
const CALLS: u32 = 10_000;
const COUNTED: u32 = 1_000;
const ROUNDS: u32 = 500;

/// A way to call a guest.
type Case<'a> = (&'static str, Box<dyn FnMut() + 'a>);

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let (mut adds, mut report, mut typed) = {
        let module = Module::new(fs::read(args.next().ok_or("calls.wasm")?)?)?;
        let living = || Sandbox::new(Limits::default()).instantiate(&module);
        (living()?, living()?, living()?)
    };
    let mut asks = asking(&fs::read(args.next().ok_or("host.wasm")?)?)?;
    let two = || [Value::I32(black_box(40)), Value::I32(black_box(2))];
    let cases: [Case<'_>; 4] = [
        ("call", Box::new(|| by_values(&mut adds, "add", &two()))),
        (
            "call-host",
            Box::new(|| by_values(&mut asks, "price", &[Value::I32(7)])),
        ),
        (
            "call-report",
            Box::new(|| {
                let report = report.run(Call::export("add").values(two()));
                assert!(report.is_ok_and(|report| report.is_success()));
            }),
        ),
        (
            "call-typed",
            Box::new(|| {
                let sum = typed.call::<_, i32>("add", (40, 2));
                assert_eq!(black_box(sum), Ok(42));
            }),
        ),
    ];
    let only = args.next();
    for (name, mut call) in cases {
        match &only {
            None => println!("{name} {}", fastest(&mut call)),
            Some(only) if only == name => {
                call();
                counted(&mut call);
                println!("{COUNTED}");
            }
            Some(_) => {}
        }
    }
    Ok(())
}

fn by_values(instance: &mut Instance, name: &str, args: &[Value]) {
    let mut results = [Value::I32(0)];
    let called = instance.call_values(name, args, &mut results);
    assert!(called.is_ok() && !matches!(black_box(results), [Value::F32(_)]));
}

/// An instance whose export `price` calls a function of the host.
fn asking(wasm: &[u8]) -> Result<Instance, Box<dyn Error>> {
    let types = ([ValueType::I32], [ValueType::I64]);
    let price = |_: &mut Caller<'_>, args: &[Value]| match args {
        [Value::I32(article)] => Ok([Value::I64(i64::from(*article))]),
        _ => Err(HostError::message("one number")),
    };
    let price = Function::dynamic("env", "price", &types.0, &types.1, price);
    let sandbox = Sandbox::new(Limits::default()).stub_unknown().grant(price);
    Ok(sandbox.instantiate(&Module::new(wasm)?)?)
}

/// What callgrind is told to count.
#[inline(never)]
fn counted(call: &mut dyn FnMut()) {
    for _ in 0..COUNTED {
        call();
    }
}

/// What the fastest round took, in nanoseconds a call.
fn fastest(call: &mut dyn FnMut()) -> u128 {
    let mut best = u128::MAX;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        for _ in 0..CALLS {
            call();
        }
        best = best.min(begun.elapsed().as_nanos());
    }
    best.checked_div(u128::from(CALLS)).unwrap_or_default()
}
