//! Values of wasmtime as values of fuelbox, and back.

use fuelbox::{Reference, Value, ValueType};
use wasmtime::{V128, Val, ValType};

pub(crate) fn value(val: &Val) -> Value {
    let seen = |is_null| {
        if is_null {
            Reference::Null
        } else {
            Reference::Opaque
        }
    };
    match val {
        Val::I32(value) => Value::I32(*value),
        Val::I64(value) => Value::I64(*value),
        Val::F32(bits) => Value::F32(f32::from_bits(*bits)),
        Val::F64(bits) => Value::F64(f64::from_bits(*bits)),
        Val::V128(value) => Value::V128(value.as_u128()),
        Val::FuncRef(reference) => Value::FuncRef(seen(reference.is_none())),
        Val::ExternRef(reference) => Value::ExternRef(seen(reference.is_none())),
        other => panic!("{other:?} is of a proposal that is off"),
    }
}

pub(crate) fn val(value: Value) -> Val {
    match value {
        Value::I32(value) => Val::I32(value),
        Value::I64(value) => Val::I64(value),
        Value::F32(value) => Val::F32(value.to_bits()),
        Value::F64(value) => Val::F64(value.to_bits()),
        Value::V128(value) => Val::V128(V128::from(value)),
        Value::ExternRef(_) => Val::ExternRef(None),
        _ => Val::FuncRef(None),
    }
}

pub(crate) fn type_of(ty: &ValType) -> ValueType {
    match ty {
        ValType::I32 => ValueType::I32,
        ValType::I64 => ValueType::I64,
        ValType::F32 => ValueType::F32,
        ValType::F64 => ValueType::F64,
        ValType::V128 => ValueType::V128,
        ValType::Ref(ty) if ty.heap_type().is_extern() => ValueType::ExternRef,
        ValType::Ref(_) => ValueType::FuncRef,
    }
}
