//! Values of scripts, and what the results of a call must be.

use fuelbox::{Reference, Value};
use wast::{
    WastArg, WastRet,
    core::{AbstractHeapType, HeapType, NanPattern, V128Pattern, WastArgCore, WastRetCore},
    token::{F32, F64},
};

/// The argument as a host passes it; `None` for a reference other than null, which cannot be passed.
pub(super) fn argument(argument: &WastArg<'_>) -> Option<Value> {
    let WastArg::Core(argument) = argument else {
        return None;
    };
    Some(match argument {
        WastArgCore::I32(value) => Value::I32(*value),
        WastArgCore::I64(value) => Value::I64(*value),
        WastArgCore::F32(value) => Value::F32(f32::from_bits(value.bits)),
        WastArgCore::F64(value) => Value::F64(f64::from_bits(value.bits)),
        WastArgCore::V128(value) => Value::V128(u128::from_le_bytes(value.to_le_bytes())),
        WastArgCore::RefNull(ty) => null(ty)?,
        _ => return None,
    })
}

/// Whether a call returned what it must.
pub(super) fn fit(expected: &[WastRet<'_>], values: &[Value]) -> bool {
    expected.len() == values.len()
        && expected
            .iter()
            .zip(values)
            .all(|(expected, value)| match expected {
                WastRet::Core(expected) => fits(expected, value),
                _ => false,
            })
}

fn fits(expected: &WastRetCore<'_>, value: &Value) -> bool {
    match (expected, value) {
        (WastRetCore::I32(expected), Value::I32(value)) => expected == value,
        (WastRetCore::I64(expected), Value::I64(value)) => expected == value,
        (WastRetCore::F32(expected), Value::F32(value)) => f32_fits(expected, value.to_bits()),
        (WastRetCore::F64(expected), Value::F64(value)) => f64_fits(expected, value.to_bits()),
        (WastRetCore::V128(expected), Value::V128(value)) => v128_fits(expected, *value),
        (WastRetCore::RefNull(Some(ty)), value) => null(ty).as_ref() == Some(value),
        (
            WastRetCore::RefNull(None),
            Value::FuncRef(Reference::Null) | Value::ExternRef(Reference::Null),
        )
        | (WastRetCore::RefFunc(_), Value::FuncRef(Reference::Opaque)) => true,
        (WastRetCore::Either(choices), value) => choices.iter().any(|choice| fits(choice, value)),
        _ => false,
    }
}

fn null(ty: &HeapType<'_>) -> Option<Value> {
    match ty {
        HeapType::Abstract {
            shared: false,
            ty: AbstractHeapType::Func,
        } => Some(Value::FuncRef(Reference::Null)),
        HeapType::Abstract {
            shared: false,
            ty: AbstractHeapType::Extern,
        } => Some(Value::ExternRef(Reference::Null)),
        _ => None,
    }
}

fn f32_fits(expected: &NanPattern<F32>, bits: u32) -> bool {
    const SIGN: u32 = 1 << 31;
    const QUIET: u32 = 0x7fc0_0000;
    match expected {
        NanPattern::CanonicalNan => bits & !SIGN == QUIET,
        NanPattern::ArithmeticNan => bits & QUIET == QUIET,
        NanPattern::Value(expected) => bits == expected.bits,
    }
}

fn f64_fits(expected: &NanPattern<F64>, bits: u64) -> bool {
    const SIGN: u64 = 1 << 63;
    const QUIET: u64 = 0x7ff8_0000_0000_0000;
    match expected {
        NanPattern::CanonicalNan => bits & !SIGN == QUIET,
        NanPattern::ArithmeticNan => bits & QUIET == QUIET,
        NanPattern::Value(expected) => bits == expected.bits,
    }
}

fn v128_fits(expected: &V128Pattern, value: u128) -> bool {
    let bytes = value.to_le_bytes();
    /// Splits the vector into lanes of a type and compares each.
    macro_rules! lanes {
        ($lanes:expr, $ty:ty, $fits:expr) => {
            bytes
                .chunks_exact(size_of::<$ty>())
                .map(|lane| <$ty>::from_le_bytes(lane.try_into().expect("chunks are exact")))
                .zip($lanes)
                .all($fits)
        };
    }
    match expected {
        V128Pattern::I8x16(lanes) => lanes!(lanes, i8, |(lane, expected)| lane == *expected),
        V128Pattern::I16x8(lanes) => lanes!(lanes, i16, |(lane, expected)| lane == *expected),
        V128Pattern::I32x4(lanes) => lanes!(lanes, i32, |(lane, expected)| lane == *expected),
        V128Pattern::I64x2(lanes) => lanes!(lanes, i64, |(lane, expected)| lane == *expected),
        V128Pattern::F32x4(lanes) => {
            lanes!(lanes, u32, |(lane, expected)| f32_fits(expected, lane))
        }
        V128Pattern::F64x2(lanes) => {
            lanes!(lanes, u64, |(lane, expected)| f64_fits(expected, lane))
        }
    }
}

#[test]
fn patterns_of_nan_fit_no_number_and_no_signalling_nan() {
    let (canonical, arithmetic) = (NanPattern::CanonicalNan, NanPattern::ArithmeticNan);
    assert!(f32_fits(&canonical, 0xffc0_0000) && f32_fits(&arithmetic, 0x7fc0_0001));
    assert!(!f32_fits(&canonical, 0x7fc0_0001) && !f32_fits(&arithmetic, 0x7fa0_0000));
    assert!(!f32_fits(&arithmetic, 1.0_f32.to_bits()));
    let (canonical, arithmetic) = (NanPattern::CanonicalNan, NanPattern::ArithmeticNan);
    assert!(f64_fits(&canonical, f64::NAN.to_bits()));
    assert!(!f64_fits(&canonical, 0x7ff8_0000_0000_0001));
    assert!(!f64_fits(&arithmetic, 0x7ff4_0000_0000_0000));
}
