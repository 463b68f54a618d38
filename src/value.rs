//! Values that cross the boundary, and the types of functions that carry them.

use alloc::vec::Vec;
use core::fmt;

/// One WebAssembly value.
///
/// Two values are equal when their types and bits are: a NaN equals itself.
///
/// ```
/// use fuelbox::{Value, ValueType};
///
/// assert_eq!(Value::I32(-1).ty(), ValueType::I32);
/// assert_eq!(Value::F64(0.5).to_string(), "0.5");
/// ```
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Value {
    /// A 32-bit integer; WebAssembly does not say whether it is signed.
    I32(i32),
    /// A 64-bit integer; WebAssembly does not say whether it is signed.
    I64(i64),
    /// A 32-bit float.
    #[cfg_attr(feature = "serde", serde(with = "crate::json::float32"))]
    F32(f32),
    /// A 64-bit float.
    #[cfg_attr(feature = "serde", serde(with = "crate::json::float64"))]
    F64(f64),
    /// A 128-bit vector, lane 0 in the lowest bits.
    #[cfg_attr(feature = "serde", serde(with = "crate::json::v128"))]
    V128(u128),
    /// A reference to a function of the guest.
    FuncRef(Reference),
    /// A reference to something of the host.
    ExternRef(Reference),
}

/// What can be said of a reference outside the guest that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Reference {
    /// It refers to nothing. The only reference that can be passed to a guest.
    Null,
    /// It refers to something. Only ever seen in results.
    Opaque,
}

impl Value {
    /// The type of this value.
    #[must_use]
    pub fn ty(&self) -> ValueType {
        match self {
            Self::I32(_) => ValueType::I32,
            Self::I64(_) => ValueType::I64,
            Self::F32(_) => ValueType::F32,
            Self::F64(_) => ValueType::F64,
            Self::V128(_) => ValueType::V128,
            Self::FuncRef(_) => ValueType::FuncRef,
            Self::ExternRef(_) => ValueType::ExternRef,
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::I32(a), Self::I32(b)) => a == b,
            (Self::I64(a), Self::I64(b)) => a == b,
            (Self::F32(a), Self::F32(b)) => a.to_bits() == b.to_bits(),
            (Self::F64(a), Self::F64(b)) => a.to_bits() == b.to_bits(),
            (Self::V128(a), Self::V128(b)) => a == b,
            (Self::FuncRef(a), Self::FuncRef(b)) | (Self::ExternRef(a), Self::ExternRef(b)) => {
                a == b
            }
            _ => false,
        }
    }
}

impl Eq for Value {}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::I32(value) => value.fmt(f),
            Self::I64(value) => value.fmt(f),
            Self::F32(value) => value.fmt(f),
            Self::F64(value) => value.fmt(f),
            Self::V128(value) => write!(f, "{value:#034x}"),
            Self::FuncRef(Reference::Null) | Self::ExternRef(Reference::Null) => {
                f.write_str("null")
            }
            Self::FuncRef(Reference::Opaque) => f.write_str("a function"),
            Self::ExternRef(Reference::Opaque) => f.write_str("a reference"),
        }
    }
}

/// The type of one [`Value`], written as in the WebAssembly text format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum ValueType {
    /// `i32`
    I32,
    /// `i64`
    I64,
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// `v128`
    V128,
    /// `funcref`
    FuncRef,
    /// `externref`
    ExternRef,
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::V128 => "v128",
            Self::FuncRef => "funcref",
            Self::ExternRef => "externref",
        })
    }
}

/// A Rust type that is one WebAssembly value. Sealed.
///
/// Integers of either sign stand for the same WebAssembly type; the bits are kept.
pub trait WasmValue: Copy + Send + sealed::Sealed + 'static {
    /// The WebAssembly type.
    const TYPE: ValueType;

    #[doc(hidden)]
    fn into_value(self) -> Value;

    #[doc(hidden)]
    fn from_value(value: Value) -> Option<Self>;
}

/// Parameters of a typed call: `()`, one value, or a tuple of up to 16. Sealed.
pub trait Params: sealed::Sealed {
    #[doc(hidden)]
    const TYPES: &'static [ValueType];

    /// An array, so that a call needs no allocation for them.
    #[doc(hidden)]
    type Values: AsRef<[Value]> + Into<Vec<Value>>;

    #[doc(hidden)]
    fn into_values(self) -> Self::Values;
}

/// Results of a typed call: `()`, one value, or a tuple of up to 16. Sealed.
pub trait Results: Sized + sealed::Sealed {
    #[doc(hidden)]
    const TYPES: &'static [ValueType];

    #[doc(hidden)]
    fn from_values(values: impl Iterator<Item = Value>) -> Option<Self>;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! wasm_values {
    ($($rust:ty => $variant:ident, |$into:ident| $to:expr, |$from:ident| $back:expr;)*) => { $(
        impl sealed::Sealed for $rust {}

        impl WasmValue for $rust {
            const TYPE: ValueType = ValueType::$variant;

            fn into_value(self) -> Value {
                let $into = self;
                Value::$variant($to)
            }

            fn from_value(value: Value) -> Option<Self> {
                match value {
                    Value::$variant($from) => Some($back),
                    _ => None,
                }
            }
        }

        impl Params for $rust {
            const TYPES: &'static [ValueType] = &[<$rust as WasmValue>::TYPE];

            type Values = [Value; 1];

            fn into_values(self) -> [Value; 1] {
                [self.into_value()]
            }
        }

        impl Results for $rust {
            const TYPES: &'static [ValueType] = &[<$rust as WasmValue>::TYPE];

            fn from_values(values: impl Iterator<Item = Value>) -> Option<Self> {
                <($rust,)>::from_values(values).map(|(value,)| value)
            }
        }
    )* };
}

wasm_values! {
    i32 => I32, |v| v, |v| v;
    u32 => I32, |v| v.cast_signed(), |v| v.cast_unsigned();
    i64 => I64, |v| v, |v| v;
    u64 => I64, |v| v.cast_signed(), |v| v.cast_unsigned();
    f32 => F32, |v| v, |v| v;
    f64 => F64, |v| v, |v| v;
}

/// Calls a macro once for each length of tuple that may cross the boundary, 0 to 16.
macro_rules! for_each_arity {
    ($callback:ident) => {
        $callback!();
        $callback!(P1);
        $callback!(P1 P2);
        $callback!(P1 P2 P3);
        $callback!(P1 P2 P3 P4);
        $callback!(P1 P2 P3 P4 P5);
        $callback!(P1 P2 P3 P4 P5 P6);
        $callback!(P1 P2 P3 P4 P5 P6 P7);
        $callback!(P1 P2 P3 P4 P5 P6 P7 P8);
        $callback!(P1 P2 P3 P4 P5 P6 P7 P8 P9);
        $callback!(P1 P2 P3 P4 P5 P6 P7 P8 P9 P10);
        $callback!(P1 P2 P3 P4 P5 P6 P7 P8 P9 P10 P11);
        $callback!(P1 P2 P3 P4 P5 P6 P7 P8 P9 P10 P11 P12);
        $callback!(P1 P2 P3 P4 P5 P6 P7 P8 P9 P10 P11 P12 P13);
        $callback!(P1 P2 P3 P4 P5 P6 P7 P8 P9 P10 P11 P12 P13 P14);
        $callback!(P1 P2 P3 P4 P5 P6 P7 P8 P9 P10 P11 P12 P13 P14 P15);
        $callback!(P1 P2 P3 P4 P5 P6 P7 P8 P9 P10 P11 P12 P13 P14 P15 P16);
    };
}
pub(crate) use for_each_arity;

/// How many names there are.
macro_rules! length {
    () => { 0 };
    ($first:ident $($rest:ident)*) => { 1 + length!($($rest)*) };
}

macro_rules! tuples {
    ($($name:ident)*) => {
        impl<$($name: WasmValue),*> sealed::Sealed for ($($name,)*) {}

        #[doc(hidden)]
        impl<$($name: WasmValue),*> Params for ($($name,)*) {
            const TYPES: &'static [ValueType] = &[$(<$name as WasmValue>::TYPE),*];

            type Values = [Value; length!($($name)*)];

            fn into_values(self) -> Self::Values {
                let ($($name,)*) = self;
                [$($name.into_value()),*]
            }
        }

        #[doc(hidden)]
        impl<$($name: WasmValue),*> Results for ($($name,)*) {
            const TYPES: &'static [ValueType] = &[$(<$name as WasmValue>::TYPE),*];

            fn from_values(mut values: impl Iterator<Item = Value>) -> Option<Self> {
                let found = ($(<$name as WasmValue>::from_value(values.next()?)?,)*);
                values.next().is_none().then_some(found)
            }
        }
    };
}

#[expect(non_snake_case, reason = "the macro names values after their types")]
mod each_arity {
    use super::{Params, Results, Value, ValueType, WasmValue, sealed};

    for_each_arity!(tuples);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nan_equals_itself_and_zeros_differ_by_sign() {
        assert_eq!(Value::F64(f64::NAN), Value::F64(f64::NAN));
        assert_ne!(Value::F32(0.0), Value::F32(-0.0));
    }

    #[test]
    fn unsigned_numbers_keep_their_bits() {
        assert_eq!(u32::MAX.into_value(), Value::I32(-1));
        assert_eq!(
            <u64 as WasmValue>::from_value(Value::I64(-1)),
            Some(u64::MAX)
        );
    }

    #[test]
    fn tuples_go_over_and_come_back() {
        let values = (1_i32, 2.5_f64).into_values();
        assert_eq!(
            <(i32, f64) as Results>::from_values(values.into_iter()),
            Some((1, 2.5))
        );
        assert_eq!(<(i32, i32)>::from_values(values.into_iter()), None);
        assert_eq!(<i32 as Results>::from_values(values.into_iter()), None);
        assert_eq!(<(i32, f64, i32)>::from_values(values.into_iter()), None);
    }
}
