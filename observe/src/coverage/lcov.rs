//! The format of lcov's tracefiles, which `genhtml` and many services read.

use super::{Block, Branch, Coverage};
use crate::{
    lines::LineRange,
    names::{harmless, shown},
    symbols::Symbols,
};
use std::{collections::BTreeMap, fmt::Write};

/// What is known of one file of the source.
#[derive(Default)]
struct File {
    /// By line and name: how often it was called. A name may stand for several functions of the module.
    functions: BTreeMap<(u32, String), u64>,
    /// By line, in the order of the module: the ways of branches, and whether they were come to.
    branches: BTreeMap<u32, Vec<Vec<u64>>>,
    /// By line: how often it ran.
    lines: BTreeMap<u32, u64>,
}

/// So many blocks of one stretch of code that has a line are looked at; what people write in a line has fewer.
const MOST_BLOCKS: usize = 1_024;

impl Coverage {
    /// A tracefile of lcov, by the lines of the source that the module's debug information or its text has: of
    /// functions, branches and lines. It is empty where a module has no lines.
    ///
    /// The paths of the files are the module's own words. `genhtml` reads the files of these names.
    #[must_use]
    pub fn lcov(&self, symbols: &Symbols<'_>) -> String {
        let mut files: BTreeMap<String, File> = BTreeMap::new();
        let mut before = None;
        for block in self.blocks.values() {
            if before.replace(block.function) != Some(block.function) {
                self.add_function(block, symbols, &mut files);
            }
        }
        let mut ranges = symbols.line_ranges();
        ranges.sort_by_key(|range| range.start);
        for branch in self.branches.values() {
            add_branch(branch, &ranges, &mut files);
        }
        for range in &ranges {
            if let Some(count) = self.most_in(range) {
                let file = files.entry(path(&range.file)).or_default();
                let line = file.lines.entry(range.line).or_default();
                *line = count.max(*line);
            }
        }
        let mut text = String::new();
        for (path, file) in &files {
            file.write(path, &mut text);
        }
        text
    }

    /// How often the most of what stands in a stretch of code ran, if anything there can.
    fn most_in(&self, range: &LineRange) -> Option<u64> {
        let before = self.blocks.range(..range.start).next_back();
        let before = before.filter(|(_, block)| range.start < block.end);
        let within = self.blocks.range(range.start..range.end.max(range.start));
        let blocks = before.into_iter().chain(within);
        blocks.take(MOST_BLOCKS).map(|(_, block)| block.count).max()
    }

    fn add_function(
        &self,
        first: &Block,
        symbols: &Symbols<'_>,
        files: &mut BTreeMap<String, File>,
    ) {
        let place = symbols.place(first.function, first.start);
        // The function itself, into which others may be inlined there.
        if let Some(line) = place.lines.last()
            && let (Some(file), Some(number)) = (&line.file, line.line)
        {
            let file = files.entry(path(file)).or_default();
            let name = shown(first.function, symbols);
            let calls = file.functions.entry((number, name)).or_default();
            *calls = calls.saturating_add(first.count);
        }
    }
}

fn add_branch(branch: &Branch, ranges: &[LineRange], files: &mut BTreeMap<String, File>) {
    let behind = ranges.partition_point(|range| range.start <= branch.offset);
    let range = behind.checked_sub(1).and_then(|last| ranges.get(last));
    if let Some(range) = range.filter(|range| branch.offset < range.end) {
        let file = files.entry(path(&range.file)).or_default();
        let branches = file.branches.entry(range.line).or_default();
        branches.push(branch.ways.clone());
    }
}

impl File {
    fn write(&self, path: &str, text: &mut String) {
        let mut line = |arguments: std::fmt::Arguments<'_>| {
            text.write_fmt(arguments)
                .expect("a String takes everything");
            text.push('\n');
        };
        line(format_args!("TN:\nSF:{path}"));
        for (number, name) in self.functions.keys() {
            line(format_args!("FN:{number},{name}"));
        }
        for ((_, name), calls) in &self.functions {
            line(format_args!("FNDA:{calls},{name}"));
        }
        line(format_args!("FNF:{}", self.functions.len()));
        let called = self.functions.values().filter(|calls| **calls > 0).count();
        line(format_args!("FNH:{called}"));
        let (mut ways, mut taken) = (0_usize, 0_usize);
        for (number, branches) in &self.branches {
            for (block, branch) in branches.iter().enumerate() {
                let is_reached = branch.iter().any(|way| *way > 0);
                for (way, count) in branch.iter().enumerate() {
                    ways = ways.saturating_add(1);
                    taken = taken.saturating_add((*count > 0).into());
                    if is_reached {
                        line(format_args!("BRDA:{number},{block},{way},{count}"));
                    } else {
                        line(format_args!("BRDA:{number},{block},{way},-"));
                    }
                }
            }
        }
        line(format_args!("BRF:{ways}\nBRH:{taken}"));
        for (number, count) in &self.lines {
            line(format_args!("DA:{number},{count}"));
        }
        let run = self.lines.values().filter(|count| **count > 0).count();
        line(format_args!(
            "LF:{}\nLH:{run}\nend_of_record",
            self.lines.len()
        ));
    }
}

/// A path on one line of its own.
fn path(path: &str) -> String {
    /// How many characters of it.
    const MOST_CHARS: usize = 4_096;

    path.chars().take(MOST_CHARS).map(harmless).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::coverage;
    use crate::symbols::Symbols;

    const TEXT: &str = "(module\n  (func $\"a\\nb\" (param i32)\n    (if (local.get 0)\n      (then\n        (drop (i32.const 1)))\n      (else\n        (drop (i32.const 2))))))";

    #[test]
    fn each_line_has_how_often_the_most_of_it_ran() {
        let wasm = wat::parse_str(TEXT).expect("the text is valid");
        let symbols = Symbols::of_text("src/guest.wat", TEXT, &wasm);
        let at = |byte: u8| {
            let at = wasm.iter().rposition(|found| *found == byte);
            u64::try_from(at.expect("it is there")).expect("it is small")
        };
        // `local.get`, `if`, and the constants behind it.
        let start = at(0x20);
        let coverage = coverage(
            &[
                (0, start, start + 4, 3),
                (0, start + 4, start + 7, 3),
                (0, start + 8, start + 11, 0),
            ],
            &[(start + 2, &[0, 3])],
        );
        let expected = "TN:\nSF:src/guest.wat\nFN:3,a?b\nFNDA:3,a?b\nFNF:1\nFNH:1\n\
            BRDA:3,0,0,0\nBRDA:3,0,1,3\nBRF:2\nBRH:1\n\
            DA:3,3\nDA:5,3\nDA:7,0\nLF:3\nLH:2\nend_of_record\n";
        assert_eq!(coverage.lcov(&symbols), expected);
    }
}
