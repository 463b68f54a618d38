//! Locals of the functions that a guest was in when it stopped, kept where they stopped.
//!
//! A replay has found the places at which these functions were. So in another one nothing is kept but there: at each of
//! these places a function stores its locals into the memory of ours behind the frames, in a slot of its frame. Frames
//! that are [`SLOTS`] apart share one, so the innermost have theirs.

use super::Numbers;
use crate::{
    module::{
        opcode::{DROP, I32_AND, I32_CONST, LOCAL_GET, LOCAL_TEE},
        section,
    },
    value::ValueType,
};
use alloc::{collections::BTreeMap, vec::Vec};
use wasmparser::{BinaryReader, BinaryReaderError, FuncType, FunctionBody, ValType};

/// So many of the innermost frames keep their locals; a power of two.
pub(crate) const SLOTS: u32 = 64;

/// Bytes of a local.
const LOCAL_BYTES: u64 = 8;

/// What is kept of locals.
#[derive(Default)]
pub(crate) struct Locals {
    /// The places at which they are kept, in their order.
    sites: Vec<u64>,
    /// By function: the types of its locals, none for those that are not kept.
    types: BTreeMap<u32, Vec<Option<ValueType>>>,
    /// Where the first slot begins in the memory of ours.
    start: u64,
}

impl Locals {
    /// Those that are kept at these places, in slots from `start` on.
    pub(super) fn at(sites: &[u64], start: u64) -> Self {
        let mut sites = sites.to_vec();
        sites.sort_unstable();
        Self {
            sites,
            types: BTreeMap::new(),
            start,
        }
    }

    /// Adds a function of type `ty` whose body has these bytes, and stands at `body` in the module.
    ///
    /// # Errors
    /// The parser's, which a valid body does not cause.
    pub(super) fn add(
        &mut self,
        function: u32,
        ty: &FuncType,
        (bytes, start): (&[u8], usize),
    ) -> Result<(), BinaryReaderError> {
        let body = start..start.saturating_add(bytes.len());
        let is_in_body = |site: &u64| usize::try_from(*site).is_ok_and(|site| body.contains(&site));
        if !self.sites.iter().any(is_in_body) {
            return Ok(());
        }
        let mut types: Vec<_> = ty.params().iter().map(|ty| kept(*ty)).collect();
        let body = FunctionBody::new(BinaryReader::new(bytes, start));
        for group in body.get_locals_reader()? {
            let (count, ty) = group?;
            types.extend((0..count).map(|_| kept(ty)));
        }
        self.types.insert(function, types);
        Ok(())
    }

    /// How many bytes all slots take.
    pub(super) fn bytes(&self) -> u64 {
        self.slot_bytes().saturating_mul(SLOTS.into())
    }

    /// Where in the memory of ours the frame of this number, from 1, has the locals of this function, with their types.
    pub(crate) fn of(&self, frame: u64, function: u32) -> Option<(u64, &[Option<ValueType>])> {
        let slot = frame.checked_rem(SLOTS.into())?;
        let start = slot.saturating_mul(self.slot_bytes());
        let types = self.types.get(&function)?;
        Some((self.start.saturating_add(start), types))
    }

    /// Writes what keeps the locals of a function at a place, if they are kept there. The frame is told by one local,
    /// the place of its slot is put into another.
    pub(super) fn store(
        &self,
        (function, origin): (u32, u64),
        (frame, slot): (u32, u32),
        numbers: &Numbers,
        code: &mut Vec<u8>,
    ) {
        const I32_MUL: u8 = 0x6c;
        /// A frame takes four bytes.
        const FRAME_LOG2: u32 = 2;

        let types = self.types.get(&function);
        let Some(types) = types.filter(|_| self.sites.binary_search(&origin).is_ok()) else {
            return;
        };
        let local = |opcode: u8, local: u32, code: &mut Vec<u8>| {
            code.push(opcode);
            section::write_u32(code, local);
        };
        let number = |number: u64, code: &mut Vec<u8>| {
            code.push(I32_CONST);
            section::write_constant(code, number, false);
        };
        local(LOCAL_GET, frame, code);
        number(u64::from(SLOTS.saturating_sub(1)) << FRAME_LOG2, code);
        code.push(I32_AND);
        number(self.slot_bytes() >> FRAME_LOG2, code);
        code.push(I32_MUL);
        local(LOCAL_TEE, slot, code);
        code.push(DROP);
        for ((own, ty), place) in (0..).zip(types).zip(0_u64..) {
            let Some(store) = ty.and_then(store_of) else {
                continue;
            };
            local(LOCAL_GET, slot, code);
            local(LOCAL_GET, own, code);
            let offset = place.saturating_mul(LOCAL_BYTES).saturating_add(self.start);
            numbers.write_access(store, offset, code);
        }
    }

    fn slot_bytes(&self) -> u64 {
        let most = self.types.values().map(Vec::len).max().unwrap_or(0);
        let most = u64::try_from(most).unwrap_or(u64::MAX);
        most.saturating_mul(LOCAL_BYTES)
    }
}

fn kept(ty: ValType) -> Option<ValueType> {
    match ty {
        ValType::I32 => Some(ValueType::I32),
        ValType::I64 => Some(ValueType::I64),
        ValType::F32 => Some(ValueType::F32),
        ValType::F64 => Some(ValueType::F64),
        // A vector takes more room, and a reference has no bits.
        ValType::V128 | ValType::Ref(_) => None,
    }
}

fn store_of(ty: ValueType) -> Option<u8> {
    match ty {
        ValueType::I32 => Some(0x36),
        ValueType::I64 => Some(0x37),
        ValueType::F32 => Some(0x38),
        ValueType::F64 => Some(0x39),
        _ => None,
    }
}
