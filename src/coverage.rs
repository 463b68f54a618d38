//! How often each part of a guest's code ran.

use crate::{
    error::Error,
    execution::Replayed,
    module::{Module, Told},
    recording::Recording,
    replay::{Purpose, Replay},
    stop::{Stop, Trap},
};
use alloc::vec::Vec;

/// How often each part of a guest's code ran.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Coverage {
    /// The reports, as a [replay](Recording::replay) has them.
    pub replay: Replay,
    /// All blocks that can be reached, in the order of the module, also those that did not run.
    pub blocks: Vec<CoverageBlock>,
    /// All branches that can be reached, in the order of the module.
    pub branches: Vec<CoverageBranch>,
}

/// Operators that run one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CoverageBlock {
    /// The number of its function in the module; those of imported functions are the first.
    pub function: u32,
    /// Where in the bytes of the module its first operator stands.
    pub start: u64,
    /// Where its last operator ends.
    pub end: u64,
    /// How often it ran.
    pub count: u64,
}

/// An operator that goes on in one of several ways.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CoverageBranch {
    /// The number of its function in the module; those of imported functions are the first.
    pub function: u32,
    /// Where in the bytes of the module it stands.
    pub offset: u64,
    /// How often each way was taken. Of `if` and `br_if` the first is where the condition is zero, the second where it
    /// is not; `br_table` has the ways of its labels, the default last.
    pub ways: Vec<u64>,
}

impl Recording {
    /// Runs it again with the module of these bytes, as [`replay`](Self::replay) does, and counts how often each block
    /// of its code ran, and which way it took at each branch.
    ///
    /// Counting takes no fuel. Where a trap ended the run within a block, what stands behind the trap is a block of its
    /// own, which ran once less.
    ///
    /// ```
    /// use fuelbox::{Limits, Module, Sandbox};
    ///
    /// # let wasm = wat::parse_bytes(br#"(module
    /// #     (func (export "_start") (local i32)
    /// #         (loop $again
    /// #             (local.set 0 (i32.add (local.get 0) (i32.const 1)))
    /// #             (br_if $again (i32.lt_u (local.get 0) (i32.const 5))))
    /// #         (if (i32.eqz (local.get 0)) (then (unreachable)))))"#)?;
    /// let sandbox = Sandbox::new(Limits::default()).record(16 << 20);
    /// let finished = sandbox.start(&Module::new(&wasm)?, "")?.finish();
    ///
    /// let coverage = finished.recording.expect("the sandbox records").coverage(&wasm)?;
    /// let counts: Vec<_> = coverage.blocks.iter().map(|block| block.count).collect();
    /// assert_eq!(counts, [5, 1, 0]); // a loop, what comes after it, and what stands in the `if`
    /// assert_eq!(coverage.branches[0].ways, [1, 4]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As for [`observe`](Self::observe), and [`Error::Unsupported`] where a module of gigabytes has more blocks and
    /// branches than can be counted.
    pub fn coverage(&self, wasm: impl AsRef<[u8]>) -> Result<Coverage, Error> {
        let wasm = wasm.as_ref();
        let builder = Module::builder().limits(self.module_limits.clone());
        let module = builder.telling(Told::Blocks).build(wasm)?;
        let (replay, replayed) = self.run_again(&module, Purpose::Observe)?;
        let (mut blocks, branches) = counted(&module, &replayed.counters());
        if let Some(trap) = trap(&replay, &replayed)
            && let Some(places) = module.places()
            && let Some(end) = places.end_of_operator(wasm, trap)
        {
            split_behind(&mut blocks, place(trap), place(end));
        }
        Ok(Coverage {
            replay,
            blocks,
            branches,
        })
    }
}

/// What was counted, by what it is of.
fn counted(module: &Module, counters: &[u64]) -> (Vec<CoverageBlock>, Vec<CoverageBranch>) {
    let Some(found) = module.places().and_then(|places| places.blocks.as_ref()) else {
        return (Vec::new(), Vec::new());
    };
    let count = |counter: usize| counters.get(counter).copied().unwrap_or(0);
    let blocks = found.blocks.iter().enumerate().map(|(number, block)| {
        let count = count(number);
        CoverageBlock {
            function: block.function,
            start: place(block.start),
            end: place(block.end),
            count,
        }
    });
    let branches = found.branches.iter().map(|branch| CoverageBranch {
        function: branch.function,
        offset: place(branch.at),
        ways: (found.first_counter(branch)..)
            .zip(0..branch.ways)
            .map(|(counter, _)| count(counter))
            .collect(),
    });
    (blocks.collect(), branches.collect())
}

/// The operator at which the guest trapped, if it did. What else ends a run does so where a block ends.
fn trap(replay: &Replay, replayed: &Replayed) -> Option<usize> {
    match replay.reports.last()?.stop()? {
        Stop::Trapped(trap) if *trap != Trap::StackOverflow => {
            usize::try_from(*replayed.frames().last()?).ok()
        }
        _ => None,
    }
}

/// Splits the block behind the operator at `trap`, which ends at `end`.
fn split_behind(blocks: &mut Vec<CoverageBlock>, trap: u64, end: u64) {
    let number = blocks.partition_point(|block| block.end <= trap);
    if let Some(block) = blocks.get_mut(number)
        && block.start <= trap
        && end < block.end
    {
        let behind = CoverageBlock {
            start: end,
            count: block.count.saturating_sub(1),
            ..*block
        };
        block.end = end;
        blocks.insert(number.saturating_add(1), behind);
    }
}

fn place(at: usize) -> u64 {
    u64::try_from(at).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block at each range that ran so often, split behind an operator.
    fn split(blocks: &[(u64, u64, u64)], trap: u64, end: u64) -> Vec<(u64, u64, u64)> {
        let blocks = blocks.iter().map(|&(start, end, count)| CoverageBlock {
            function: 0,
            start,
            end,
            count,
        });
        let mut blocks = blocks.collect();
        split_behind(&mut blocks, trap, end);
        let blocks = blocks.iter();
        blocks
            .map(|block| (block.start, block.end, block.count))
            .collect()
    }

    #[test]
    fn what_stands_behind_a_trap_ran_once_less() {
        let blocks = [(10, 20, 3), (30, 40, 1)];
        let behind = [(10, 14, 3), (14, 20, 2), (30, 40, 1)];
        assert_eq!(split(&blocks, 12, 14), behind);
        assert_eq!(split(&blocks, 10, 14), behind);
    }

    #[test]
    fn a_trap_at_the_end_of_a_block_or_outside_of_all_splits_none() {
        let blocks = [(10, 20, 3), (30, 40, 1)];
        for (trap, end) in [(18, 20), (4, 6), (22, 24), (40, 42)] {
            assert_eq!(split(&blocks, trap, end), blocks, "{trap}");
        }
    }
}
