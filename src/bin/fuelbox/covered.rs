//! What of a module's code ran, found out by running recordings again.

use crate::{failure::Failure, guest::module_file::ModuleFile, units};
use fuelbox::{Divergence, Recording};
use fuelbox_observe::{
    Symbols,
    coverage::{Block, Branch, Coverage, Function},
};
use std::fmt::Write;

/// What of a module's code ran, in all recordings together.
#[derive(Default)]
pub(crate) struct Covered {
    coverage: Coverage,
}

/// So many functions are shown.
const SHOWN: usize = 20;

impl Covered {
    /// Runs a recording of the module again, and adds what ran. Where it does something else than it did, that comes
    /// back.
    ///
    /// # Errors
    /// What keeps it from being run again.
    pub(crate) fn add(
        &mut self,
        recording: &Recording,
        file: &ModuleFile,
    ) -> Result<Option<Divergence>, Failure> {
        let counted = recording.coverage(&file.wasm)?;
        let blocks = counted.blocks.into_iter().map(|block| Block {
            function: block.function,
            start: block.start,
            end: block.end,
            count: block.count,
        });
        let branches = counted.branches.into_iter().map(|branch| Branch {
            function: branch.function,
            offset: branch.offset,
            ways: branch.ways,
        });
        self.coverage
            .merge(&Coverage::new(blocks.collect(), branches.collect()));
        Ok(counted.replay.divergence)
    }

    /// The tracefile, and what is shown of it.
    pub(crate) fn told(&self, symbols: &Symbols<'_>) -> (String, String) {
        let lcov = self.coverage.lcov(symbols);
        let mut shown = self.table(symbols);
        if lcov.is_empty() {
            shown.push_str("the module has no debug information, so no lines: build it with -g\n");
        }
        (lcov, shown)
    }

    /// All functions together, and those of which the most did not run, one a line.
    fn table(&self, symbols: &Symbols<'_>) -> String {
        let functions = self.coverage.functions(symbols);
        let mut lines = format!(
            "{:>20} {:>20} {:>14}  function\n",
            "blocks run", "branches taken", "calls"
        );
        let sum =
            |part: fn(&Function) -> u64| functions.iter().map(part).fold(0, u64::saturating_add);
        let row = |lines: &mut String, numbers: [u64; 4], calls: &str, name: &str| {
            let [run, blocks, taken, ways] = numbers;
            writeln!(
                lines,
                "{:>20} {:>20} {calls:>14}  {name}",
                part(run, blocks),
                part(taken, ways)
            )
            .expect("a String takes everything");
        };
        for function in functions.iter().take(SHOWN) {
            let Function {
                blocks_run,
                blocks,
                ways_taken,
                ways,
                ..
            } = *function;
            let numbers = [blocks_run, blocks, ways_taken, ways];
            row(
                &mut lines,
                numbers,
                &units::grouped(function.calls),
                &function.name,
            );
        }
        let all = [
            sum(|function| function.blocks_run),
            sum(|function| function.blocks),
            sum(|function| function.ways_taken),
            sum(|function| function.ways),
        ];
        let count = u64::try_from(functions.len()).unwrap_or(u64::MAX);
        let all_functions = format!("all {} functions", units::grouped(count));
        row(&mut lines, all, "", &all_functions);
        lines
    }
}

/// So many of so many, and in percent, rounded down: all is 100 % only where nothing is missing.
fn part(some: u64, all: u64) -> String {
    if all == 0 {
        return "none".to_owned();
    }
    let percent = u128::from(some)
        .saturating_mul(100)
        .checked_div(all.into())
        .unwrap_or(100);
    let [some, all] = [some, all].map(units::grouped);
    format!("{some} of {all} {percent:>3} %")
}
