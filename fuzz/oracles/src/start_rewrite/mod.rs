//! With a start section or without, fuelbox and the plain interpreter do the same: the same calls of
//! host functions, the same results, memory, globals and tables, the same traps.
//!
//! So neither moving the start section nor rewriting growths shows.

mod boxed;
mod plain;

use crate::{guest::grow, plan::Plan};
use fuelbox::{Module, Trap, Value, ValueType};

/// What came of a module.
#[derive(Debug, PartialEq)]
struct Effects {
    end: End,
    /// What the host was asked, in order.
    calls: Vec<String>,
}

#[derive(Debug, PartialEq)]
enum End {
    /// With this digest.
    Finished(i64),
    Trapped(Trap),
    /// Before any code ran.
    SegmentOutside,
}

/// What one run may use, in both.
const FUEL: u64 = 1 << 20;
const MOST_BYTES: u64 = 32 << 16;
const MOST_ELEMENTS: u64 = 2_000;

/// Runs the guest that `data` makes in both.
///
/// # Panics
/// Where they differ.
pub(crate) fn check(data: &[u8]) {
    let (plan, bytes) = Plan::split(data);
    let Some(wasm) = grow::module(&plan, bytes) else {
        return;
    };
    let Ok(module) = Module::with_limits(&wasm, &plan.module_limits()) else {
        return;
    };
    // Where a limit ended it the other would only go on.
    let Some(boxed) = boxed::run(&module) else {
        return;
    };
    if let Some(plain) = plain::run(&wasm, plan.call_depth()) {
        assert_eq!(boxed, plain);
    }
}

/// What a host function is asked, in words, and what it answers to that.
fn answer(
    module: &str,
    name: &str,
    asked: &[Value],
    results: &[ValueType],
) -> (String, Vec<Value>) {
    let words = format!("{module}.{name} {asked:?}");
    let sum = words.bytes().fold(7_u64, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into())
    });
    let answer = |ty: &ValueType| match ty {
        ValueType::I32 => Value::I32((sum as u32).cast_signed()),
        ValueType::I64 => Value::I64(sum.cast_signed()),
        ValueType::F32 => Value::F32(f32::from_bits(sum as u32)),
        ValueType::F64 => Value::F64(f64::from_bits(sum)),
        ValueType::V128 => Value::V128(u128::from(sum) << 32),
        ValueType::ExternRef => Value::ExternRef(fuelbox::Reference::Null),
        _ => Value::FuncRef(fuelbox::Reference::Null),
    };
    (words, results.iter().map(answer).collect())
}
