//! Values of WebAssembly and of Python.

use fuelbox::{Reference, Value, ValueType};
use pyo3::{
    IntoPyObjectExt,
    exceptions::{PyOverflowError, PyTypeError, PyValueError},
    prelude::*,
    types::{PyEllipsis, PyTuple},
};
use std::fmt::Display;

/// The value of type `ty` that `object` stands for; `what` names it in an error.
///
/// An integer may be written with or without a sign. A reference can only be null, which is `None`.
///
/// # Errors
/// `TypeError`, `OverflowError`.
pub(crate) fn from_python(
    object: &Bound<'_, PyAny>,
    ty: ValueType,
    what: &impl Display,
) -> PyResult<Value> {
    let wrong = || {
        let found = object
            .get_type()
            .name()
            .map(|name| name.to_string())
            .unwrap_or_default();
        PyTypeError::new_err(format!(
            "{what} is {found}, but {} is needed",
            python_name(ty)
        ))
    };
    Ok(match ty {
        ValueType::I32 => match integer(object).map_err(|_| wrong())? {
            Some(number) => Value::I32(
                i32::try_from(number)
                    .or_else(|_| u32::try_from(number).map(u32::cast_signed))
                    .map_err(|_| too_large(what, ty))?,
            ),
            None => return Err(too_large(what, ty)),
        },
        ValueType::I64 => match integer(object).map_err(|_| wrong())? {
            Some(number) => Value::I64(
                i64::try_from(number)
                    .or_else(|_| u64::try_from(number).map(u64::cast_signed))
                    .map_err(|_| too_large(what, ty))?,
            ),
            None => return Err(too_large(what, ty)),
        },
        ValueType::F32 => Value::F32(narrow(object.extract().map_err(|_| wrong())?)),
        ValueType::F64 => Value::F64(object.extract().map_err(|_| wrong())?),
        ValueType::V128 => {
            integer(object).map_err(|_| wrong())?;
            Value::V128(object.extract().map_err(|_| too_large(what, ty))?)
        }
        ValueType::FuncRef if object.is_none() => Value::FuncRef(Reference::Null),
        ValueType::ExternRef if object.is_none() => Value::ExternRef(Reference::Null),
        _ => return Err(wrong()),
    })
}

/// The integer, if it is one of at most 64 bits; `Ok(None)` where it has more.
fn integer(object: &Bound<'_, PyAny>) -> Result<Option<i128>, ()> {
    match object.extract::<i64>() {
        Ok(number) => return Ok(Some(number.into())),
        Err(error) if error.is_instance_of::<PyOverflowError>(object.py()) => {}
        Err(_) => return Err(()),
    }
    Ok(object.extract::<u64>().ok().map(i128::from))
}

/// To the nearest, as `struct.pack` does it; but a NaN keeps its bits, as far as there is room.
#[expect(
    clippy::cast_possible_truncation,
    reason = "to the nearest is what is meant"
)]
fn narrow(number: f64) -> f32 {
    if !number.is_nan() {
        return number as f32;
    }
    let bits = number.to_bits();
    let sign = (bits >> 32) as u32 & F32_SIGN;
    let payload = (bits >> NAN_SHIFT) as u32 & F32_PAYLOAD;
    // A payload that has no room must not leave an infinity.
    let payload = if payload == 0 { F32_QUIET } else { payload };
    f32::from_bits(sign | f32::INFINITY.to_bits() | payload)
}

/// A NaN keeps its bits: the processor would make it a quiet one.
fn widen(number: f32) -> f64 {
    if !number.is_nan() {
        return f64::from(number);
    }
    let bits = number.to_bits();
    let sign = u64::from(bits & F32_SIGN) << 32;
    f64::from_bits(sign | f64::INFINITY.to_bits() | u64::from(bits & F32_PAYLOAD) << NAN_SHIFT)
}

const F32_SIGN: u32 = 1 << 31;
const F32_PAYLOAD: u32 = (1 << 23) - 1;
const F32_QUIET: u32 = 1 << 22;
/// A payload of 52 bits begins so much lower than one of 23.
const NAN_SHIFT: u32 = 52 - 23;

fn too_large(what: &impl Display, ty: ValueType) -> PyErr {
    PyOverflowError::new_err(format!("{what} does not fit into {ty}"))
}

fn python_name(ty: ValueType) -> &'static str {
    match ty {
        ValueType::F32 | ValueType::F64 => "float",
        ValueType::FuncRef | ValueType::ExternRef => "None, the null reference,",
        _ => "int",
    }
}

/// The values of types `types` that `objects` stand for.
///
/// # Errors
/// As [`from_python`].
pub(crate) fn all_from_python(
    objects: &Bound<'_, PyTuple>,
    types: &[ValueType],
    what: &impl Display,
) -> PyResult<Vec<Value>> {
    if objects.len() != types.len() {
        let (found, needed) = (objects.len(), types.len());
        return Err(PyTypeError::new_err(format!(
            "{what} takes {needed} values, {found} were given"
        )));
    }
    objects
        .iter_borrowed()
        .zip(types)
        .enumerate()
        .map(|(index, (object, ty))| {
            from_python(&object, *ty, &format_args!("value {index} of {what}"))
        })
        .collect()
}

/// Integers have a sign; a reference that is not null is `...`.
pub(crate) fn to_python<'py>(py: Python<'py>, value: Value) -> PyResult<Bound<'py, PyAny>> {
    match value {
        Value::I32(number) => number.into_bound_py_any(py),
        Value::I64(number) => number.into_bound_py_any(py),
        Value::F32(number) => widen(number).into_bound_py_any(py),
        Value::F64(number) => number.into_bound_py_any(py),
        Value::V128(bits) => bits.into_bound_py_any(py),
        Value::FuncRef(Reference::Null) | Value::ExternRef(Reference::Null) => {
            Ok(py.None().into_bound(py))
        }
        _ => Ok(PyEllipsis::get(py).to_owned().into_any()),
    }
}

pub(crate) fn tuple<'py>(py: Python<'py>, values: &[Value]) -> PyResult<Bound<'py, PyTuple>> {
    let values = values.iter().map(|value| to_python(py, *value));
    PyTuple::new(py, values.collect::<PyResult<Vec<_>>>()?)
}

/// What a call returns: nothing, one value, or a tuple.
pub(crate) fn returned<'py>(py: Python<'py>, values: &[Value]) -> PyResult<Bound<'py, PyAny>> {
    match values {
        [] => Ok(py.None().into_bound(py)),
        [one] => to_python(py, *one),
        several => Ok(tuple(py, several)?.into_any()),
    }
}

/// The values that a Python function of these results returned.
///
/// # Errors
/// As [`all_from_python`].
pub(crate) fn from_returned(
    object: &Bound<'_, PyAny>,
    types: &[ValueType],
    what: &impl Display,
) -> PyResult<Vec<Value>> {
    match types {
        [] if object.is_none() => Ok(Vec::new()),
        [] => Err(PyTypeError::new_err(format!(
            "{what} returns nothing by its type, but returned a value"
        ))),
        [one] => Ok(vec![from_python(
            object,
            *one,
            &format_args!("the result of {what}"),
        )?]),
        several => {
            let objects = object
                .cast::<PyTuple>()
                .map_err(|_| PyTypeError::new_err(format!("{what} has to return a tuple")))?;
            all_from_python(objects, several, what)
        }
    }
}

/// The type that is written so in the text format.
///
/// # Errors
/// `ValueError`.
pub(crate) fn value_type(name: &str) -> PyResult<ValueType> {
    Ok(match name {
        "i32" => ValueType::I32,
        "i64" => ValueType::I64,
        "f32" => ValueType::F32,
        "f64" => ValueType::F64,
        "v128" => ValueType::V128,
        "funcref" => ValueType::FuncRef,
        "externref" => ValueType::ExternRef,
        _ => {
            return Err(PyValueError::new_err(format!(
                "{name:?} is no type: known are i32, i64, f32, f64, v128, funcref and externref"
            )));
        }
    })
}
