//! Values and their types, in arrays.

use crate::{boundary::RawValue, status::Status};
use fuelbox::{Reference, Value, ValueType};

pub(crate) fn read(values: &[RawValue]) -> Result<Vec<Value>, Status> {
    values.iter().map(RawValue::read).collect()
}

pub(crate) fn write(values: &[Value]) -> Vec<RawValue> {
    values.iter().map(RawValue::new).collect()
}

/// Hands `values` to `using` in the form of C; without an allocation where they are few, as they mostly are.
pub(crate) fn with_raw<R>(values: &[Value], using: impl FnOnce(&mut [RawValue]) -> R) -> R {
    const FEW: usize = 8;

    let mut few = [RawValue::new(&Value::I32(0)); FEW];
    let Some(raw) = few.get_mut(..values.len()) else {
        return using(&mut write(values));
    };
    for (raw, value) in raw.iter_mut().zip(values) {
        *raw = RawValue::new(value);
    }
    using(raw)
}

/// The types in the order of their numbers.
const TYPES: [ValueType; 7] = [
    ValueType::I32,
    ValueType::I64,
    ValueType::F32,
    ValueType::F64,
    ValueType::V128,
    ValueType::FuncRef,
    ValueType::ExternRef,
];

pub(crate) fn types(numbers: &[u32]) -> Result<Vec<ValueType>, Status> {
    let ty = |number: &u32| TYPES.get(usize::try_from(*number).ok()?).copied();
    let types = numbers.iter().map(ty).collect::<Option<_>>();
    types.ok_or(Status::INVALID_ARGUMENT)
}

pub(crate) fn numbers(types: &[ValueType]) -> Vec<u32> {
    let number = |ty: &ValueType| {
        let place = TYPES.iter().position(|other| other == ty);
        place.and_then(|place| u32::try_from(place).ok())
    };
    types
        .iter()
        .map(|ty| number(ty).unwrap_or(u32::MAX))
        .collect()
}

/// Zero of a type.
pub(crate) fn zero(ty: ValueType) -> Value {
    match ty {
        ValueType::I64 => Value::I64(0),
        ValueType::F32 => Value::F32(0.0),
        ValueType::F64 => Value::F64(0.0),
        ValueType::V128 => Value::V128(0),
        ValueType::FuncRef => Value::FuncRef(Reference::Null),
        ValueType::ExternRef => Value::ExternRef(Reference::Null),
        _ => Value::I32(0),
    }
}
