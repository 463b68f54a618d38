//! What an instance of a traced module has told of its last run.

use super::{Guest, Kept};
use crate::{
    host::memory,
    module::trace::{KEPT_COMPARES, OPERANDS_BYTES, SITE_BYTES},
};

/// Two numbers that were compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Compared {
    /// The number of the place that compares.
    pub(crate) place: u32,
    pub(crate) left: u64,
    pub(crate) right: u64,
    pub(crate) is_64: bool,
}

impl Guest {
    /// How often each way was taken.
    pub(crate) fn ways(&self, kept: &Kept) -> &[[u8; 4]] {
        let count = self.module.layout().map_or(0, |layout| layout.edges);
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let (counters, _) = memory::all_of(&self.store, kept.edges).as_chunks();
        counters.get(..count).unwrap_or_default()
    }

    /// What was compared: of each place the last comparisons, the oldest first.
    pub(crate) fn compared(&self, kept: &Kept) -> impl Iterator<Item = Compared> {
        let widths = self
            .module
            .layout()
            .map_or(&[][..], |layout| &layout.compares);
        let bytes = |memory| memory::all_of(&self.store, memory);
        let (counts, _) = kept.counts.map(bytes).unwrap_or_default().as_chunks::<4>();
        let (operands, _) = kept
            .operands
            .map(bytes)
            .unwrap_or_default()
            .as_chunks::<SITE>();
        let places = counts.iter().zip(operands).zip(widths).zip(0..);
        places
            .filter(|(((count, _), _), _)| **count != [0; 4])
            .flat_map(|(((count, operands), is_64), place)| {
                let count = u32::from_le_bytes(*count);
                let (pairs, _) = operands.as_chunks::<PAIR>();
                let oldest = count.saturating_sub(KEPT_COMPARES);
                (oldest..count).filter_map(move |number| {
                    let pair = pairs.get(usize::try_from(number % KEPT_COMPARES).ok()?)?;
                    let (numbers, _) = pair.as_chunks::<8>();
                    let [left, right] = numbers else { return None };
                    Some(Compared {
                        place,
                        left: u64::from_le_bytes(*left),
                        right: u64::from_le_bytes(*right),
                        is_64: *is_64,
                    })
                })
            })
    }
}

/// Bytes of what is kept of one place, and of one comparison.
const SITE: usize = SITE_BYTES as usize;
const PAIR: usize = OPERANDS_BYTES as usize;
