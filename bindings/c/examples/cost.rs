//! What a call costs in Rust, to compare with `cost.c`: `cost calls.wasm host.wasm`.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "it measures"
)]

use fuelbox::{Call, Caller, Function, HostError, Limits, Module, Sandbox, Value, ValueType};
use std::{env, error::Error, fs, hint::black_box, time::Instant};

const CALLS: u32 = 1_000_000;
const ROUNDS: u32 = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args_os().skip(1);
    let module = Module::new(fs::read(args.next().ok_or("calls.wasm")?)?)?;
    let mut instance = Sandbox::new(Limits::default()).instantiate(&module)?;
    best("a call", || {
        let call = Call::export("add").values([Value::I32(40), Value::I32(2)]);
        black_box(instance.run(call))?;
        Ok(())
    })?;

    let module = Module::new(fs::read(args.next().ok_or("host.wasm")?)?)?;
    let types = ([ValueType::I32], [ValueType::I64]);
    let price = |_: &mut Caller<'_>, args: &[Value]| match args {
        [Value::I32(article)] => Ok(vec![Value::I64(i64::from(*article))]),
        _ => Err(HostError::message("one number")),
    };
    let price = Function::dynamic("env", "price", &types.0, &types.1, price);
    let sandbox = Sandbox::new(Limits::default()).stub_unknown().grant(price);
    let mut instance = sandbox.instantiate(&module)?;
    best("a call that calls the host", || {
        let call = Call::export("price").values([Value::I32(7)]);
        black_box(instance.run(call))?;
        Ok(())
    })
}

/// Says what the fastest round took, in nanoseconds a call.
fn best(
    name: &str,
    mut call: impl FnMut() -> Result<(), fuelbox::Error>,
) -> Result<(), Box<dyn Error>> {
    let mut best = u128::MAX;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        for _ in 0..CALLS {
            call()?;
        }
        best = best.min(begun.elapsed().as_nanos());
    }
    let nanos = best.checked_div(u128::from(CALLS)).unwrap_or_default();
    println!("{name}: {nanos} ns");
    Ok(())
}
