//! What of a module's code ran: by function, and as lcov's files have it.
//!
//! fuelbox's `Recording::coverage` counts it. Here the counts of many runs are added up, and get names and lines.

mod lcov;
mod table;

pub use table::Function;

use std::collections::BTreeMap;

/// Operators of a module that run one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "whoever counted makes them")]
pub struct Block {
    /// The number of its function.
    pub function: u32,
    /// Where in the bytes of the module its first operator stands.
    pub start: u64,
    /// Where its last operator ends.
    pub end: u64,
    /// How often it ran.
    pub count: u64,
}

/// An operator of a module that goes on in one of several ways.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "whoever counted makes them")]
pub struct Branch {
    /// The number of its function.
    pub function: u32,
    /// Where in the bytes of the module it stands.
    pub offset: u64,
    /// How often each way was taken.
    pub ways: Vec<u64>,
}

/// What of a module's code ran, in one run or in many.
///
/// ```
/// use fuelbox_observe::{Symbols, coverage::{Block, Branch, Coverage}};
///
/// let text = "(module (func $check\n  (if (i32.const 1)\n    (then unreachable))))";
/// let wasm = wat::parse_str(text)?;
/// let block = |start, end, count| Block { function: 0, start, end, count };
/// let run = |ran| Coverage::new(
///     vec![block(23, 27, 1), block(27, 28, ran)],
///     vec![Branch { function: 0, offset: 25, ways: vec![1 - ran, ran] }],
/// );
/// let mut coverage = run(0);
/// coverage.merge(&run(1));
///
/// let symbols = Symbols::of_text("guest.wat", text, &wasm);
/// let check = &coverage.functions(&symbols)[0];
/// assert_eq!((check.name.as_str(), check.calls), ("check", 2));
/// assert_eq!((check.blocks_run, check.blocks), (2, 2));
/// assert!(coverage.lcov(&symbols).contains("SF:guest.wat\nFN:2,check\nFNDA:2,check\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// By where they start; none reaches into the next.
    blocks: BTreeMap<u64, Block>,
    /// By where they stand.
    branches: BTreeMap<u64, Branch>,
}

impl Coverage {
    /// What one run has counted. Of blocks that overlap the later one is cut.
    #[must_use]
    pub fn new(mut blocks: Vec<Block>, branches: Vec<Branch>) -> Self {
        blocks.sort_by_key(|block| (block.start, block.end));
        let mut coverage = Self::default();
        let mut covered = 0;
        for mut block in blocks {
            block.start = block.start.max(covered);
            if block.start < block.end {
                covered = block.end;
                coverage.blocks.insert(block.start, block);
            }
        }
        for branch in branches {
            coverage.add_branch(&branch);
        }
        coverage
    }

    /// Adds what another run of the same module has counted.
    pub fn merge(&mut self, other: &Self) {
        for block in other.blocks.values() {
            self.add_block(*block);
        }
        for branch in other.branches.values() {
            self.add_branch(branch);
        }
    }

    /// Adds a block, and splits what it overlaps.
    fn add_block(&mut self, mut added: Block) {
        self.split(added.start);
        self.split(added.end);
        let own: Vec<_> = self
            .blocks
            .range(added.start..added.end)
            .map(|(_, block)| (block.start, block.end))
            .collect();
        for (start, end) in own {
            self.fill(added, start);
            if let Some(block) = self.blocks.get_mut(&start) {
                block.count = block.count.saturating_add(added.count);
            }
            added.start = end;
        }
        self.fill(added, added.end);
    }

    /// Puts in as much of a block as ends before `end`.
    fn fill(&mut self, added: Block, end: u64) {
        if added.start < end {
            self.blocks.insert(added.start, Block { end, ..added });
        }
    }

    /// Lets no block reach over this place.
    fn split(&mut self, at: u64) {
        let before = self.blocks.range_mut(..at).next_back();
        if let Some((_, block)) = before
            && at < block.end
        {
            let behind = Block {
                start: at,
                ..*block
            };
            block.end = at;
            self.blocks.insert(at, behind);
        }
    }

    fn add_branch(&mut self, added: &Branch) {
        let branch = self.branches.entry(added.offset).or_insert_with(|| Branch {
            ways: Vec::new(),
            ..*added
        });
        if branch.ways.len() < added.ways.len() {
            branch.ways.resize(added.ways.len(), 0);
        }
        for (way, more) in branch.ways.iter_mut().zip(&added.ways) {
            *way = way.saturating_add(*more);
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) fn coverage(
        blocks: &[(u32, u64, u64, u64)],
        branches: &[(u64, &[u64])],
    ) -> Coverage {
        let blocks = blocks.iter().map(|&(function, start, end, count)| Block {
            function,
            start,
            end,
            count,
        });
        let branches = branches.iter().map(|(offset, ways)| Branch {
            function: 0,
            offset: *offset,
            ways: ways.to_vec(),
        });
        Coverage::new(blocks.collect(), branches.collect())
    }

    /// How often the operator at a place ran.
    fn count_at(coverage: &Coverage, at: u64) -> Option<u64> {
        let (_, block) = coverage.blocks.range(..=at).next_back()?;
        (at < block.end).then_some(block.count)
    }

    #[test]
    fn a_block_that_a_trap_has_split_stays_split() {
        let mut whole = coverage(&[(0, 10, 20, 5)], &[(19, &[2, 3])]);
        whole.merge(&coverage(
            &[(0, 10, 14, 1), (0, 14, 20, 0)],
            &[(19, &[0, 0])],
        ));
        assert_eq!(
            whole,
            coverage(&[(0, 10, 14, 6), (0, 14, 20, 5)], &[(19, &[2, 3])])
        );
    }

    fn any() -> impl Strategy<Value = Coverage> {
        let block = (0_u64..60, 1_u64..20, 0_u64..9);
        let blocks = proptest::collection::vec(block, 0..8);
        blocks.prop_map(|blocks| {
            let blocks = blocks.into_iter();
            let blocks: Vec<_> = blocks
                .map(|(start, len, count)| (0, start, start.saturating_add(len), count))
                .collect();
            coverage(&blocks, &[])
        })
    }

    proptest! {
        #[test]
        fn what_is_merged_counts_at_each_place(one in any(), other in any()) {
            let mut merged = one.clone();
            merged.merge(&other);
            for at in 0..100 {
                let expected = match (count_at(&one, at), count_at(&other, at)) {
                    (None, None) => None,
                    (a, b) => Some(a.unwrap_or(0).saturating_add(b.unwrap_or(0))),
                };
                prop_assert_eq!(count_at(&merged, at), expected);
            }
        }
    }
}
