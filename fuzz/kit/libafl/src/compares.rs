//! What a guest compared, as LibAFL reads it.

use fuelbox::fuzz::Compare;
use libafl::{
    Error,
    observers::{CmpMap, CmpValues},
};
use libafl_bolts::HasLen;
use serde::{Deserialize, Serialize};

/// What a guest compared in its last run.
///
/// A guest of WebAssembly compares bytes as numbers of 32 bits. So each pair is also there in every smaller size that
/// both numbers fit into, as if it were compared at another place.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Compares {
    values: Vec<CmpValues>,
    /// For each place and size, where its values end.
    ends: Vec<usize>,
}

impl Compares {
    /// Puts these, which are in the order of their places, in the place of what is there.
    pub(crate) fn fill(&mut self, compares: impl Iterator<Item = Compare>) {
        self.forget();
        let compares: Vec<Compare> = compares.collect();
        for place in compares.chunk_by(|one, next| one.place == next.place) {
            for size in SIZES {
                self.values.extend(place.iter().filter_map(size));
                if self.ends.last().copied().unwrap_or(0) < self.values.len() {
                    self.ends.push(self.values.len());
                }
            }
        }
    }

    fn forget(&mut self) {
        self.values.clear();
        self.ends.clear();
    }

    /// The values of one place in one size.
    fn of(&self, number: usize) -> &[CmpValues] {
        let before = number
            .checked_sub(1)
            .and_then(|before| self.ends.get(before));
        let end = self.ends.get(number).copied().unwrap_or(0);
        self.values
            .get(before.copied().unwrap_or(0)..end)
            .unwrap_or(&[])
    }
}

/// Two numbers in a size, if they fit into it and were compared in this size or a larger one.
type Size = fn(&Compare) -> Option<CmpValues>;

const SIZES: [Size; 4] = [
    |one| {
        let pair = (u8::try_from(one.left).ok()?, u8::try_from(one.right).ok()?);
        Some(CmpValues::U8((pair.0, pair.1, false)))
    },
    |one| {
        let pair = (
            u16::try_from(one.left).ok()?,
            u16::try_from(one.right).ok()?,
        );
        Some(CmpValues::U16((pair.0, pair.1, false)))
    },
    |one| {
        let pair = (
            u32::try_from(one.left).ok()?,
            u32::try_from(one.right).ok()?,
        );
        Some(CmpValues::U32((pair.0, pair.1, false)))
    },
    |one| (one.bits > 32).then_some(CmpValues::U64((one.left, one.right, false))),
];

impl CmpMap for Compares {
    fn len(&self) -> usize {
        self.ends.len()
    }

    fn executions_for(&self, idx: usize) -> usize {
        self.of(idx).len()
    }

    fn usable_executions_for(&self, idx: usize) -> usize {
        self.executions_for(idx)
    }

    fn values_of(&self, idx: usize, execution: usize) -> Option<CmpValues> {
        self.of(idx).get(execution).cloned()
    }

    fn reset(&mut self) -> Result<(), Error> {
        self.forget();
        Ok(())
    }
}

impl HasLen for Compares {
    fn len(&self) -> usize {
        self.ends.len()
    }
}
