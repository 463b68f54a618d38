//! Conversion of values between the interpreter and the public API.

use crate::value::{Reference, Value, ValueType};
use alloc::vec;
use wasmi::{F32, F64, Nullable, V128, Val};

pub(crate) fn to_wasmi(value: Value) -> Option<Val> {
    Some(match value {
        Value::I32(value) => Val::I32(value),
        Value::I64(value) => Val::I64(value),
        Value::F32(value) => Val::F32(F32::from_bits(value.to_bits())),
        Value::F64(value) => Val::F64(F64::from_bits(value.to_bits())),
        Value::V128(value) => Val::V128(V128::from(value)),
        Value::FuncRef(Reference::Null) => Val::FuncRef(Nullable::Null),
        Value::ExternRef(Reference::Null) => Val::ExternRef(Nullable::Null),
        Value::FuncRef(Reference::Opaque) | Value::ExternRef(Reference::Opaque) => return None,
    })
}

pub(crate) fn from_wasmi(value: &Val) -> Value {
    match value {
        Val::I32(value) => Value::I32(*value),
        Val::I64(value) => Value::I64(*value),
        Val::F32(value) => Value::F32(f32::from_bits(value.to_bits())),
        Val::F64(value) => Value::F64(f64::from_bits(value.to_bits())),
        Val::V128(value) => Value::V128(value.as_u128()),
        Val::FuncRef(reference) => Value::FuncRef(seen(reference.is_null())),
        Val::ExternRef(reference) => Value::ExternRef(seen(reference.is_null())),
    }
}

/// Hands `values` to `using`; a few of them take no allocation.
pub(crate) fn with_values<R>(values: &[Val], using: impl FnOnce(&[Value]) -> R) -> R {
    /// Most functions have no more parameters.
    const FEW: usize = 6;

    let mut few = [Value::I32(0); FEW];
    let mut many;
    let room = match few.get_mut(..values.len()) {
        Some(few) => few,
        None => {
            many = vec![Value::I32(0); values.len()];
            &mut many
        }
    };
    for (to, from) in room.iter_mut().zip(values) {
        *to = from_wasmi(from);
    }
    using(room)
}

pub(crate) fn type_to_wasmi(ty: ValueType) -> wasmi::ValType {
    match ty {
        ValueType::I32 => wasmi::ValType::I32,
        ValueType::I64 => wasmi::ValType::I64,
        ValueType::F32 => wasmi::ValType::F32,
        ValueType::F64 => wasmi::ValType::F64,
        ValueType::V128 => wasmi::ValType::V128,
        ValueType::FuncRef => wasmi::ValType::FuncRef,
        ValueType::ExternRef => wasmi::ValType::ExternRef,
    }
}

fn seen(is_null: bool) -> Reference {
    if is_null {
        Reference::Null
    } else {
        Reference::Opaque
    }
}
