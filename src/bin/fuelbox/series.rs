//! What many runs of one guest took.

use crate::{histogram::Histogram, statistics::Statistics, suggest::Suggestion};
use fuelbox::Usage;
use indicatif::{HumanBytes, HumanCount};
use serde::Serialize;
use std::{fmt::Write, time::Duration};

/// What runs took that went well, one number for each.
#[derive(Default)]
pub(crate) struct Series {
    start_nanos: Vec<u64>,
    time_nanos: Vec<u64>,
    fuel: Vec<u64>,
    peak_memory_bytes: u64,
}

/// What a series comes to.
#[derive(Serialize)]
pub(crate) struct Summary {
    runs: u64,
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
    /// Adds a run that took `start` until it could begin.
    pub(crate) fn add(&mut self, start: Duration, usage: &Usage) {
        self.start_nanos.push(nanos(start));
        self.time_nanos.push(nanos(usage.time));
        self.fuel.push(usage.fuel);
        self.peak_memory_bytes = self.peak_memory_bytes.max(usage.peak_memory_bytes);
    }

    pub(crate) fn runs(&self) -> u64 {
        u64::try_from(self.fuel.len()).unwrap_or(u64::MAX)
    }

    /// Nothing where there was no run.
    pub(crate) fn summary(&self) -> Option<Summary> {
        let time_nanos = Statistics::of(&self.time_nanos)?;
        let fuel = Statistics::of(&self.fuel)?;
        let suggestion = Suggestion::new(&fuel, &time_nanos, self.peak_memory_bytes);
        Some(Summary {
            runs: self.runs(),
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
        let time = |nanos: u64| format!("{:.1?}", Duration::from_nanos(nanos));
        let count = |count: u64| HumanCount(count).to_string();
        let mut lines = format!(
            "  {:<13}{:>14}{:>14}{:>14}{:>14}\n",
            "", "min", "median", "p99", "max"
        );
        lines.push_str(&row("time", &self.time_nanos, time));
        lines.push_str(&row("start", &self.start_nanos, time));
        lines.push_str(&row("fuel", &self.fuel, count));
        lines.push('\n');
        let mut line = |name: &str, shown: &str| {
            writeln!(lines, "  {name:<13}{shown}").expect("a String takes everything");
        };
        line("runs", &count(self.runs));
        line("fuel per s", &count(self.fuel_per_second));
        line(
            "peak memory",
            &HumanBytes(self.peak_memory_bytes).to_string(),
        );
        line("suggested", &self.suggested.flags);
        lines.push('\n');
        lines.push_str(&self.histogram.lines(bar));
        lines
    }
}

fn row(name: &str, of: &Statistics, show: impl Fn(u64) -> String) -> String {
    let [min, median, p99, max] = [of.min, of.median, of.p99, of.max].map(show);
    format!("  {name:<13}{min:>14}{median:>14}{p99:>14}{max:>14}\n")
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
