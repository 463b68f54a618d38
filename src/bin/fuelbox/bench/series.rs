//! A series of runs of one guest, measured.

use super::{
    histogram::Histogram,
    likeness::{Likeness, Unlike},
    statistics::Statistics,
    suggest::Suggestion,
};
use crate::units;
use fuelbox::{Outcome, Report};
use serde::Serialize;
use std::{
    fmt::{self, Display, Write},
    time::Duration,
};

/// What runs took that came to an end: the first, which warms up, and one number for each of the others.
#[derive(Default)]
pub(crate) struct Series {
    compile: Duration,
    cold: Option<Cold>,
    start_nanos: Vec<u64>,
    time_nanos: Vec<u64>,
    fuel: Vec<u64>,
    peak_memory_bytes: u64,
    likeness: Likeness,
    failed: Option<Outcome>,
}

/// What takes longer the first time.
#[derive(Clone, Copy, Serialize)]
struct Cold {
    compile_nanos: u64,
    start_nanos: u64,
    time_nanos: u64,
}

/// What a series comes to.
#[derive(Serialize)]
pub(crate) struct Summary {
    runs: u64,
    /// Of all runs, the first one's among them.
    unlike_first: Unlike,
    cold: Cold,
    /// Making a run ready: imports, memory, tables.
    start_nanos: Statistics,
    /// What the deadline counts.
    time_nanos: Statistics,
    fuel: Statistics,
    fuel_per_second: u64,
    peak_memory_bytes: u64,
    suggested: Suggested,
    histogram: Histogram,
}

#[derive(Serialize)]
struct Suggested {
    fuel: u64,
    deadline_nanos: u64,
    memory_bytes: u64,
    /// The same, as flags of `run`.
    flags: String,
}

impl Series {
    /// Of a module that took `compile` to be checked and compiled.
    pub(crate) fn new(compile: Duration) -> Self {
        Self {
            compile,
            ..Self::default()
        }
    }

    /// Adds a run that took `start` until it could begin. The first one is measured apart.
    pub(crate) fn add(&mut self, start: Duration, report: Report) {
        let (start_nanos, time_nanos) = (nanos(start), nanos(report.usage.time));
        if self.cold.is_none() {
            self.cold = Some(Cold {
                compile_nanos: nanos(self.compile),
                start_nanos,
                time_nanos,
            });
        } else {
            self.start_nanos.push(start_nanos);
            self.time_nanos.push(time_nanos);
            self.fuel.push(report.usage.fuel);
        }
        self.peak_memory_bytes = self.peak_memory_bytes.max(report.usage.peak_memory_bytes);
        if self.failed.is_none() && report.status() != Some(0) {
            self.failed = Some(report.outcome.clone());
        }
        self.likeness.compare(report);
    }

    /// How many are measured: all but the first.
    pub(crate) fn runs(&self) -> u64 {
        u64::try_from(self.fuel.len()).unwrap_or(u64::MAX)
    }

    /// How the first run ended that did not end well, if one did not.
    pub(crate) fn outcome(&self) -> Outcome {
        let well = Outcome::Finished { status: 0 };
        self.failed.clone().unwrap_or(well)
    }

    /// Nothing where no run was measured.
    pub(crate) fn summary(&self) -> Option<Summary> {
        let cold = self.cold?;
        let time_nanos = Statistics::of(&self.time_nanos)?;
        let fuel = Statistics::of(&self.fuel)?;
        let suggestion =
            Suggestion::new(&fuel, &time_nanos, cold.time_nanos, self.peak_memory_bytes);
        Some(Summary {
            runs: self.runs(),
            unlike_first: self.likeness.unlike().clone(),
            cold,
            start_nanos: Statistics::of(&self.start_nanos)?,
            time_nanos,
            fuel,
            fuel_per_second: per_second(&self.fuel, &self.time_nanos),
            peak_memory_bytes: self.peak_memory_bytes,
            suggested: Suggested {
                fuel: suggestion.fuel,
                deadline_nanos: nanos(suggestion.deadline),
                memory_bytes: suggestion.memory_bytes,
                flags: suggestion.to_string(),
            },
            histogram: Histogram::new(&self.time_nanos, &time_nanos),
        })
    }
}

impl Summary {
    /// One screen, for a person; `bar` is what bars are made of.
    pub(crate) fn show(&self, bar: char) -> String {
        let mut lines = self.table();
        lines.push('\n');
        self.list(&mut lines).expect("a String takes everything");
        lines.push('\n');
        lines.push_str(&self.histogram.lines(bar));
        lines
    }

    fn table(&self) -> String {
        let row = |of: &Statistics, show: fn(u64) -> String| {
            [of.min, of.median, of.p99, of.max].map(show)
        };
        let rows = [
            ("", ["min", "median", "p99", "max"].map(str::to_owned)),
            ("time", row(&self.time_nanos, time)),
            ("start", row(&self.start_nanos, time)),
            ("fuel", row(&self.fuel, units::grouped)),
        ];
        // As narrow as they may be, so that the table fits into a narrow terminal.
        let cells = rows.iter().flat_map(|(_, cells)| cells);
        let width = cells.map(|cell| cell.chars().count()).max().unwrap_or(0);
        let mut lines = String::new();
        for (name, cells) in &rows {
            let cells = cells.each_ref().map(|cell| format!("  {cell:>width$}"));
            lines.push_str(&format!("  {name:<11}{}\n", cells.concat()));
        }
        lines
    }

    fn list(&self, lines: &mut String) -> fmt::Result {
        let mut line = |name: &str, shown: &dyn Display| writeln!(lines, "  {name:<13}{shown}");
        let runs = units::grouped(self.runs);
        match self.unlike_first.runs {
            0 => line("runs", &format!("{runs}, all the same"))?,
            unlike => {
                let parts = self.unlike_first.parts.join(", ");
                let unlike = units::grouped(unlike);
                line(
                    "runs",
                    &format!("{runs}, {unlike} unlike the first: {parts}"),
                )?;
            }
        }
        let Cold {
            compile_nanos,
            start_nanos,
            time_nanos,
        } = self.cold;
        let [compile, start, first] = [compile_nanos, start_nanos, time_nanos].map(time);
        line(
            "cold",
            &format!("compile {compile}, start {start}, time {first}"),
        )?;
        line("fuel per s", &units::grouped(self.fuel_per_second))?;
        line("peak memory", &units::measured_size(self.peak_memory_bytes))?;
        line("suggested", &self.suggested.flags)
    }
}

/// A time in a table.
fn time(nanos: u64) -> String {
    units::measured_time(Duration::from_nanos(nanos), 1)
}

/// Fuel of all runs in their time together.
fn per_second(fuel: &[u64], nanos: &[u64]) -> u64 {
    let sum = |numbers: &[u64]| numbers.iter().map(|n| u128::from(*n)).sum::<u128>();
    let scaled = sum(fuel).saturating_mul(Duration::from_secs(1).as_nanos());
    let per_second = scaled.checked_div(sum(nanos)).unwrap_or(0);
    u64::try_from(per_second).unwrap_or(u64::MAX)
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fuel_per_second_is_that_of_all_runs_together() {
        assert_eq!(per_second(&[100, 300], &[1_000, 1_000]), 200_000_000);
        assert_eq!(per_second(&[1], &[0]), 0);
    }

    #[test]
    fn no_run_has_no_summary() {
        assert!(Series::default().summary().is_none());
    }
}
