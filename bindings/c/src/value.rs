//! Values and their types, in arrays.

use crate::{boundary::RawValue, status::Status};
use fuelbox::{Reference, Value, ValueType};

/// Most functions have no more arguments.
const FEW: usize = 4;

/// Most functions have no more results.
const FEW_RESULTS: usize = 1;

/// No function of a valid module has more results.
const MOST_RESULTS: usize = 1_000;

pub(crate) fn read(values: &[RawValue]) -> Result<Vec<Value>, Status> {
    values.iter().map(RawValue::read).collect()
}

/// Results of a function; a few of them take no allocation.
pub(crate) enum Results {
    Few([Value; FEW_RESULTS], usize),
    Many(Vec<Value>),
}

impl Results {
    /// # Errors
    /// INVALID_ARGUMENT for a type that is none.
    pub(crate) fn read(raw: &[RawValue]) -> Result<Self, Status> {
        let mut few = [Value::I32(0); FEW_RESULTS];
        if raw.len() > few.len() {
            return read(raw).map(Self::Many);
        }
        for (value, raw) in few.iter_mut().zip(raw) {
            *value = raw.read()?;
        }
        Ok(Self::Few(few, raw.len()))
    }
}

impl AsRef<[Value]> for Results {
    fn as_ref(&self) -> &[Value] {
        match self {
            Self::Few(values, len) => values.get(..*len).unwrap_or_default(),
            Self::Many(values) => values,
        }
    }
}

pub(crate) fn write(values: &[Value]) -> Vec<RawValue> {
    values.iter().map(RawValue::new).collect()
}

/// Hands what `raw` says to `using`; without an allocation where the values are few.
///
/// # Errors
/// INVALID_ARGUMENT for a type that is none; those of `using`.
pub(crate) fn with_values<R, E: From<Status>>(
    raw: &[RawValue],
    using: impl FnOnce(&[Value]) -> Result<R, E>,
) -> Result<R, E> {
    let mut few = [Value::I32(0); FEW];
    let mut many;
    let values = match few.get_mut(..raw.len()) {
        Some(values) => values,
        None => {
            many = vec![Value::I32(0); raw.len()];
            &mut many
        }
    };
    for (value, raw) in values.iter_mut().zip(raw) {
        *value = raw.read()?;
    }
    // Called in one place, here and below, it is made part of its caller.
    using(values)
}

/// Hands room for `len` values to `using`; without an allocation where they are few.
///
/// For more than a function can have it is room for one too many: `len` is only a number, and nobody allocates by it.
pub(crate) fn with_room<R>(len: usize, using: impl FnOnce(&mut [Value]) -> R) -> R {
    let len = len.min(MOST_RESULTS.saturating_add(1));
    let mut few = [Value::I32(0); FEW_RESULTS];
    let mut many;
    using(match few.get_mut(..len) {
        Some(room) => room,
        None => {
            many = vec![Value::I32(0); len];
            &mut many
        }
    })
}

/// Hands `values` to `using` in the form of C; without an allocation where they are few.
pub(crate) fn with_raw<R>(values: &[Value], using: impl FnOnce(&mut [RawValue]) -> R) -> R {
    let mut few = [RawValue::new(&Value::I32(0)); FEW];
    let mut many;
    let raw = match few.get_mut(..values.len()) {
        Some(raw) => raw,
        None => {
            many = vec![RawValue::new(&Value::I32(0)); values.len()];
            &mut many
        }
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
