//! Labels: the blocks that are open at a place in a body, by what a branch to each carries.

use super::weight::count;
use alloc::vec::Vec;

/// What a branch to each open block carries, outermost first.
#[derive(Default)]
pub(super) struct Labels {
    open: Vec<u64>,
    /// The most blocks that were open at once in any body, the function itself not counted.
    deepest: usize,
}

impl Labels {
    /// Closes all blocks, and opens the function, which returns as many values.
    pub(super) fn begin(&mut self, results: u64) {
        self.open.clear();
        self.open.push(results);
    }

    pub(super) fn open(&mut self, carried: u64) {
        self.deepest = self.deepest.max(self.open.len());
        self.open.push(carried);
    }

    pub(super) fn close(&mut self) -> u64 {
        self.open.pop().unwrap_or_default()
    }

    /// What a branch to the block at `depth` carries, the innermost at 0.
    pub(super) fn at(&self, depth: u32) -> u64 {
        let depth = usize::try_from(depth).unwrap_or(usize::MAX);
        self.open
            .iter()
            .nth_back(depth)
            .copied()
            .unwrap_or_default()
    }

    /// Whether the block at `depth` is the function itself.
    pub(super) fn is_outermost(&self, depth: u32) -> bool {
        let depth = usize::try_from(depth).unwrap_or(usize::MAX);
        depth.saturating_add(1) == self.open.len()
    }

    /// The most blocks within blocks of any body so far.
    pub(super) fn deepest(&self) -> u64 {
        count(self.deepest)
    }
}
