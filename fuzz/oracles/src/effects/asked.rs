//! What a host function is asked, and what it answers to that, the same in every engine.

use fuelbox::{Reference, Value, ValueType};
use std::fmt::Write as _;

/// A call of a host function.
#[derive(Debug)]
pub struct Asked {
    words: String,
    sum: u64,
}

/// A range of the guest's memory that a host function reaches into.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Reach {
    /// Where it starts.
    pub ptr: u32,
    /// How long it is in bytes.
    pub len: u32,
}

/// What the host keeps of a call, and what the guest gets.
#[derive(Debug)]
#[non_exhaustive]
pub struct Answer {
    /// What was asked and seen, in words.
    pub words: String,
    /// One for each result.
    pub values: Vec<Value>,
}

impl Asked {
    /// A call of this function with these arguments.
    #[must_use]
    pub fn new(module: &str, name: &str, arguments: &[Value]) -> Self {
        let arguments: Vec<_> = arguments.iter().map(word).collect();
        let words = format!("{module}.{name} {arguments:?}");
        let sum = words.bytes().fold(7_u64, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(byte.into())
        });
        Self { words, sum }
    }

    /// Where the function reads, then writes: mostly within the first page, often right at its end, which
    /// may be that of the memory, and rarely outside every memory.
    #[must_use]
    pub fn reach(&self) -> Reach {
        let (len, far) = (
            (self.sum >> 40) as u32 % MOST_REACHED,
            (self.sum >> 8) as u32,
        );
        let ptr = match self.sum % 8 {
            0 => PAGE - len,
            1 => PAGE - len + 1,
            2 => far % (40 * PAGE),
            _ => far % PAGE,
        };
        Reach { ptr, len }
    }

    /// What the function writes where it read these bytes.
    #[must_use]
    pub fn written(&self, read: &[u8]) -> Vec<u8> {
        let change = self.sum as u8;
        read.iter().map(|byte| byte.wrapping_add(change)).collect()
    }

    /// The answer; `read` is `None` where the range does not lie in the memory.
    #[must_use]
    pub fn answer(mut self, read: Option<&[u8]>, results: &[ValueType]) -> Answer {
        write!(self.words, " sees {read:?}").expect("text can be written");
        let values = results.iter().map(|ty| self.value(*ty)).collect();
        Answer {
            words: self.words,
            values,
        }
    }

    fn value(&self, ty: ValueType) -> Value {
        let sum = self.sum;
        match ty {
            ValueType::I32 => Value::I32((sum as u32).cast_signed()),
            ValueType::I64 => Value::I64(sum.cast_signed()),
            ValueType::F32 => Value::F32(f32::from_bits(sum as u32)),
            ValueType::F64 => Value::F64(f64::from_bits(sum)),
            ValueType::V128 => Value::V128(u128::from(sum) << 32),
            ValueType::ExternRef => Value::ExternRef(Reference::Null),
            _ => Value::FuncRef(Reference::Null),
        }
    }
}

/// A value to the bit: NaNs differ, though not in how they are shown.
fn word(value: &Value) -> String {
    match value {
        Value::F32(value) => format!("f32 {:#x}", value.to_bits()),
        Value::F64(value) => format!("f64 {:#x}", value.to_bits()),
        other => format!("{other:?}"),
    }
}

/// Bytes of a page, of the usual size.
const PAGE: u32 = 65_536;

/// One more than a range is long at most.
const MOST_REACHED: u32 = 65;
