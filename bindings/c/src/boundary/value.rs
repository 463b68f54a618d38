//! Values of WebAssembly as C has them.

use super::{Out, Plain};
use crate::status::Status;
use fuelbox::{Reference, Value};

/// `fuelbox_value`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct RawValue {
    ty: u32,
    reserved: u32,
    of: Of,
}

#[repr(C)]
#[derive(Clone, Copy)]
union Of {
    i32: i32,
    i64: i64,
    f32: f32,
    f64: f64,
    v128: [u8; 16],
    is_null: u32,
}

impl RawValue {
    /// The value, if its type is one.
    pub(crate) fn read(&self) -> Result<Value, Status> {
        // SAFETY: whoever sets the type sets the member that belongs to it, and any bits are a value of it.
        unsafe {
            Ok(match self.ty {
                0 => Value::I32(self.of.i32),
                1 => Value::I64(self.of.i64),
                2 => Value::F32(self.of.f32),
                3 => Value::F64(self.of.f64),
                4 => Value::V128(u128::from_le_bytes(self.of.v128)),
                5 => Value::FuncRef(reference(self.of.is_null)),
                6 => Value::ExternRef(reference(self.of.is_null)),
                _ => return Err(Status::INVALID_ARGUMENT),
            })
        }
    }

    /// Of a type that there is not.
    #[cfg(feature = "calls")]
    pub(crate) fn unknown() -> Self {
        Self {
            ty: 77,
            reserved: 0,
            of: Of { v128: [0; 16] },
        }
    }

    pub(crate) fn new(value: &Value) -> Self {
        // All bytes are set, so that none of the library's memory shows in them.
        let mut of = Of { v128: [0; 16] };
        let ty = match *value {
            Value::I32(value) => {
                of.i32 = value;
                0
            }
            Value::I64(value) => {
                of.i64 = value;
                1
            }
            Value::F32(value) => {
                of.f32 = value;
                2
            }
            Value::F64(value) => {
                of.f64 = value;
                3
            }
            Value::V128(value) => {
                of.v128 = value.to_le_bytes();
                4
            }
            Value::FuncRef(reference) => {
                of.is_null = u32::from(reference == Reference::Null);
                5
            }
            Value::ExternRef(reference) => {
                of.is_null = u32::from(reference == Reference::Null);
                6
            }
            // The library knows no other type; one that C does not know is none of the header.
            _ => u32::MAX,
        };
        Self {
            ty,
            reserved: 0,
            of,
        }
    }
}

fn reference(is_null: u32) -> Reference {
    if is_null == 0 {
        Reference::Opaque
    } else {
        Reference::Null
    }
}

// SAFETY: its union is only read through `read`, and has the layout of `fuelbox_value`.
unsafe impl Plain for RawValue {}

impl Out<RawValue> {
    /// Writes `values`, for which there is room: the caller has said so.
    pub(crate) fn write(&self, values: &[Value]) -> Result<(), Status> {
        if values.is_empty() {
            return Ok(());
        }
        self.required()?;
        for (index, value) in values.iter().enumerate() {
            // SAFETY: as for `copy`; each lies within that room.
            unsafe { self.0.add(index).write(RawValue::new(value)) };
        }
        Ok(())
    }
}
