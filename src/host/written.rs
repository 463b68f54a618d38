//! What the host has written to a guest's memory, where it can be undone.

use alloc::vec::Vec;

/// Ranges of a guest's memory that the host has written to, or may have.
#[derive(Debug, Default)]
pub(crate) struct Written {
    ranges: Vec<(u64, u64)>,
    /// Whether there were more than are kept.
    is_cut: bool,
}

impl Written {
    /// Takes note of `len` bytes at `ptr`.
    pub(super) fn note(&mut self, ptr: u64, len: u64) {
        const MOST: usize = 256;

        if self.ranges.len() < MOST {
            self.ranges.push((ptr, len));
        } else {
            self.is_cut = true;
        }
    }

    /// Gives all ranges to `each`, and forgets them; false where some were not kept.
    pub(crate) fn take(&mut self, each: impl FnMut((u64, u64))) -> bool {
        self.ranges.drain(..).for_each(each);
        !core::mem::take(&mut self.is_cut)
    }
}
