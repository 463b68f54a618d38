//! Code while it is written, and the locals that it needs.

use crate::module::{
    opcode::{DROP, I32_CONST, I32_STORE, LOCAL_GET, LOCAL_TEE},
    section,
};
use alloc::vec::Vec;
use core::mem;
use wasmparser::ValType;

/// A local of ours. What one holds is used up before the next operator of the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Temporary {
    First,
    Second,
    Left,
    Right,
    Len,
    LeftLong,
    RightLong,
    Single,
    Double,
    Vector,
}

impl Temporary {
    /// One for a number of this type.
    pub(super) fn of(ty: ValType) -> Self {
        match ty {
            ValType::I64 => Self::RightLong,
            ValType::F32 => Self::Single,
            ValType::F64 => Self::Double,
            ValType::V128 => Self::Vector,
            ValType::I32 | ValType::Ref(_) => Self::Right,
        }
    }

    /// Its type, as the binary format numbers it.
    fn ty(self) -> u8 {
        match self {
            Self::First | Self::Second | Self::Left | Self::Right | Self::Len => 0x7f,
            Self::LeftLong | Self::RightLong => 0x7e,
            Self::Single => 0x7d,
            Self::Double => 0x7c,
            Self::Vector => 0x7b,
        }
    }
}

/// Code while it is written.
pub(super) struct Code {
    bytes: Vec<u8>,
    /// How many locals the function has without ours.
    own: u32,
    /// Those of ours, in their order.
    temporaries: Vec<Temporary>,
}

impl Code {
    pub(super) fn new(own: u32) -> Self {
        Self {
            bytes: Vec::new(),
            own,
            temporaries: Vec::new(),
        }
    }

    /// The number of a local of ours.
    pub(super) fn temporary(&mut self, temporary: Temporary) -> u32 {
        let found = self.temporaries.iter().position(|one| *one == temporary);
        let place = found.unwrap_or_else(|| {
            self.temporaries.push(temporary);
            self.temporaries.len().saturating_sub(1)
        });
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        self.own.saturating_add(place)
    }

    pub(super) fn raw(&mut self, raw: &[u8]) {
        self.bytes.extend_from_slice(raw);
    }

    /// An operator that has no operands in the code.
    pub(super) fn plain(&mut self, opcode: u8) {
        self.bytes.push(opcode);
    }

    pub(super) fn constant(&mut self, value: i32) {
        self.bytes.push(I32_CONST);
        section::write_constant(&mut self.bytes, value.cast_unsigned().into(), false);
    }

    pub(super) fn get(&mut self, local: u32) {
        self.bytes.push(LOCAL_GET);
        section::write_u32(&mut self.bytes, local);
    }

    pub(super) fn tee(&mut self, local: u32) {
        self.bytes.push(LOCAL_TEE);
        section::write_u32(&mut self.bytes, local);
    }

    /// What `local.set` does, which pays for others.
    pub(super) fn set(&mut self, local: u32) {
        self.tee(local);
        self.bytes.push(DROP);
    }

    pub(super) fn load(&mut self, memory: u32, offset: u32) {
        const I32_LOAD: u8 = 0x28;

        self.access(I32_LOAD, memory, offset);
    }

    pub(super) fn store(&mut self, ty: ValType, memory: u32, offset: u32) {
        const I64_STORE: u8 = 0x37;

        let is_64 = ty == ValType::I64;
        self.access(if is_64 { I64_STORE } else { I32_STORE }, memory, offset);
    }

    pub(super) fn store_byte(&mut self, memory: u32, offset: u32) {
        const I32_STORE8: u8 = 0x3a;

        self.access(I32_STORE8, memory, offset);
    }

    fn access(&mut self, opcode: u8, memory: u32, offset: u32) {
        /// Of any address, of a memory that has a number.
        const ALIGNMENT: u8 = 0x40;

        self.bytes.extend_from_slice(&[opcode, ALIGNMENT]);
        section::write_u32(&mut self.bytes, memory);
        section::write_u32(&mut self.bytes, offset);
    }

    /// Moves what was written to the end of `code`.
    pub(super) fn move_to(&mut self, code: &mut Vec<u8>) {
        code.append(&mut mem::take(&mut self.bytes));
    }

    /// The locals of ours, as a body declares them, and in how many groups.
    pub(super) fn declarations(&self) -> (u32, Vec<u8>) {
        let count = u32::try_from(self.temporaries.len()).unwrap_or(u32::MAX);
        let groups = self.temporaries.iter().flat_map(|one| [1, one.ty()]);
        (count, groups.collect())
    }
}
