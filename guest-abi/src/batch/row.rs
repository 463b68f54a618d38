//! The row that a guest is at, for the host to see if it stops.

use super::layout::NO_ROW;
use core::{
    convert::TryFrom,
    ops::Range,
    sync::atomic::{AtomicU32, Ordering},
};

/// The numbers of the rows of a batch, each noted as the loop comes to it.
///
/// Made by [`Batch::each_row`](super::Batch::each_row). Noting takes one store.
#[derive(Clone, Debug)]
pub struct Rows {
    left: Range<usize>,
}

/// Notes the row that the guest is at, for a loop that is not over [`Batch::each_row`](super::Batch::each_row).
///
/// ```
/// fuelbox_guest::batch::at_row(17);
/// ```
#[inline]
pub fn at_row(row: usize) {
    // Rows of a batch have 32 bits.
    let row = u32::try_from(row).unwrap_or(NO_ROW);
    // Not a plain store, which the compiler may put off until after the loop.
    ROW.store(row, Ordering::Relaxed);
}

/// Notes that the guest is at no row.
pub(crate) fn at_none() {
    ROW.store(NO_ROW, Ordering::Relaxed);
}

/// Where the host finds the row.
pub(crate) fn address() -> usize {
    &ROW as *const AtomicU32 as usize
}

impl Rows {
    pub(super) fn new(rows: usize) -> Self {
        Self { left: 0..rows }
    }
}

impl Iterator for Rows {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        let row = self.left.next()?;
        at_row(row);
        Some(row)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.left.size_hint()
    }
}

impl ExactSizeIterator for Rows {}

static ROW: AtomicU32 = AtomicU32::new(NO_ROW);
