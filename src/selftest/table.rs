//! The table of a self-test.

use super::{
    check::{Check, SelfTest},
    number::{Count, Size},
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;
use fuelbox::Usage;

/// What holds each attack has no room: a table is at most 100 columns wide. It is in [`Check::limit`].
const HEADINGS: Row<&str> = [
    "attack",
    "observed",
    "fuel",
    "memory",
    "overrun",
    "contained",
];

/// One cell for each column.
type Row<T> = [T; 6];

/// Longest name of an attack that is shown whole.
const MOST_CHARS: usize = 27;

impl fmt::Display for SelfTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows: Vec<Row<String>> = self.checks.iter().map(row).collect();
        let mut widths = HEADINGS.map(|heading| heading.chars().count());
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.chars().count().max(*width);
            }
        }
        line(f, &HEADINGS, &widths)?;
        for row in &rows {
            line(f, row, &widths)?;
        }
        writeln!(f)?;
        for check in self.not_contained() {
            writeln!(f, "not contained: {check}")?;
        }
        let contained = self
            .checks
            .len()
            .saturating_sub(self.not_contained().count());
        write!(
            f,
            "fuelbox {}: {contained} of {} attacks were contained",
            self.version,
            self.checks.len()
        )
    }
}

/// On one line: what it tries, and how it ended.
impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}: {}", self.attack, self.tries, self.observed)?;
        match &self.problem {
            Some(problem) => write!(f, "; {problem}"),
            None => Ok(()),
        }
    }
}

fn row(check: &Check) -> Row<String> {
    let used = |show: fn(&Usage) -> String| check.usage.as_ref().map(show).unwrap_or_default();
    [
        cut(&check.attack),
        check.observed.clone(),
        used(|usage| Count(usage.fuel).to_string()),
        used(|usage| Size(usage.peak_memory_bytes).to_string()),
        check
            .overrun
            .map(|overrun| format!("{overrun:.1?}"))
            .unwrap_or_default(),
        if check.contained { "yes" } else { "NO" }.to_string(),
    ]
}

/// A name that fits its column.
fn cut(name: &str) -> String {
    const DOTS: &str = "...";

    if name.chars().count() <= MOST_CHARS {
        return name.to_string();
    }
    let start = name.chars().take(MOST_CHARS.saturating_sub(DOTS.len()));
    start.chain(DOTS.chars()).collect()
}

fn line(
    f: &mut fmt::Formatter<'_>,
    row: &Row<impl fmt::Display>,
    widths: &Row<usize>,
) -> fmt::Result {
    let [attack, observed, fuel, memory, overrun, contained] = row;
    let [a, o, u, m, t, _] = *widths;
    writeln!(
        f,
        "{attack:<a$}  {observed:<o$}  {fuel:>u$}  {memory:>m$}  {overrun:>t$}  {contained}"
    )
}
