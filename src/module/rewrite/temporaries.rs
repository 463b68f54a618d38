//! Locals that carry values where blocks and branches did.
//!
//! There is one for each position and type, shared by all blocks of a function: what is set right before a jump or a
//! block is read right after it, and nothing runs in between.

use crate::module::section;
use alloc::vec::Vec;
use wasmparser::ValType;

/// The types of values, as the binary format numbers them.
const TYPES: [u8; 7] = [0x7f, 0x7e, 0x7d, 0x7c, 0x7b, 0x70, 0x6f];
/// What stands for `i32` among them.
const I32: usize = 0;

/// The locals that were needed so far.
pub(super) struct Temporaries {
    /// The index of the first of them.
    first: u32,
    /// By position, then by type, the one that carries it.
    carrying: Vec<[Option<u32>; TYPES.len()]>,
    /// The one that keeps a condition or the index of a branch while values are set.
    condition: Option<u32>,
    /// The type of each, in the order they were needed.
    types: Vec<u8>,
}

impl Temporaries {
    /// Those of a function that has `locals` of its own, parameters included.
    pub(super) fn after(locals: u32) -> Self {
        Self {
            first: locals,
            carrying: Vec::new(),
            condition: None,
            types: Vec::new(),
        }
    }

    /// The local for the value of type `ty` at `position`.
    pub(super) fn carrying(&mut self, position: usize, ty: ValType) -> u32 {
        if position >= self.carrying.len() {
            let len = position.saturating_add(1);
            self.carrying.resize(len, [None; TYPES.len()]);
        }
        let kind = kind(ty);
        let known = |this: &Self| *this.carrying.get(position)?.get(kind)?;
        if let Some(local) = known(self) {
            return local;
        }
        let local = self.add(kind);
        let place = self.carrying.get_mut(position);
        if let Some(place) = place.and_then(|kinds| kinds.get_mut(kind)) {
            *place = Some(local);
        }
        local
    }

    /// The local for a condition.
    pub(super) fn condition(&mut self) -> u32 {
        if let Some(local) = self.condition {
            return local;
        }
        let local = self.add(I32);
        self.condition = Some(local);
        local
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.types.len()
    }

    /// Their declarations, and how many those are: one for each run of a type.
    pub(super) fn declarations(&self) -> (u32, Vec<u8>) {
        let mut count = 0_u32;
        let mut declared = Vec::new();
        for run in self.types.chunk_by(PartialEq::eq) {
            count = count.saturating_add(1);
            section::write_u32(&mut declared, u32::try_from(run.len()).unwrap_or(u32::MAX));
            declared.extend(run.first());
        }
        (count, declared)
    }

    fn add(&mut self, kind: usize) -> u32 {
        let number = u32::try_from(self.types.len()).unwrap_or(u32::MAX);
        self.types.extend(TYPES.get(kind));
        self.first.saturating_add(number)
    }
}

/// Where a type stands among [`TYPES`]. The interpreter knows no other references than these two; what `ref.func` gives
/// has a type of its own on the stack.
fn kind(ty: ValType) -> usize {
    match ty {
        ValType::I32 => I32,
        ValType::I64 => 1,
        ValType::F32 => 2,
        ValType::F64 => 3,
        ValType::V128 => 4,
        ValType::Ref(ty) if ty.is_extern_ref() => 6,
        ValType::Ref(_) => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_serves_each_position_and_type() {
        let mut temporaries = Temporaries::after(10);
        assert_eq!(temporaries.carrying(1, ValType::I64), 10);
        assert_eq!(temporaries.carrying(0, ValType::I64), 11);
        assert_eq!(temporaries.carrying(0, ValType::I32), 12);
        assert_eq!(temporaries.condition(), 13);
        assert_eq!(temporaries.carrying(1, ValType::I64), 10);
        assert_eq!(temporaries.condition(), 13);
        assert_eq!(temporaries.len(), 4);
        let (count, declared) = temporaries.declarations();
        assert_eq!((count, &*declared), (2, &[2, 0x7e, 2, 0x7f][..]));
    }
}
