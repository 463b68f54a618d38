//! The summary of a run: one screen, for a person.

use crate::units;
use fuelbox::{Limits, Report};
use indicatif::{HumanBytes, HumanCount};
use std::fmt::Write;

/// One line for each thing a run used; those that stayed at nothing are left out.
pub(crate) fn summary(report: &Report, limits: &Limits) -> String {
    let usage = &report.usage;
    let mut lines = String::new();
    let mut line = |name: &str, shown: String| {
        writeln!(lines, "  {name:<13}{shown}").expect("a String takes everything");
    };
    if !report.values.is_empty() {
        let values: Vec<String> = report.values.iter().map(ToString::to_string).collect();
        line("returned", values.join(", "));
    }
    line(
        "fuel",
        format!("{} of {}", HumanCount(usage.fuel), HumanCount(limits.fuel)),
    );
    let overrun = if usage.overrun.is_zero() {
        "none".to_owned()
    } else {
        format!("{:.1?}", usage.overrun)
    };
    line(
        "time",
        format!(
            "{:.1?} of {}, overrun {overrun}",
            usage.time,
            units::show_duration(limits.deadline)
        ),
    );
    line(
        "peak memory",
        format!(
            "{} of {}",
            HumanBytes(usage.peak_memory_bytes),
            HumanBytes(limits.memory_bytes)
        ),
    );
    line("host calls", HumanCount(usage.host_calls).to_string());
    line("slices", HumanCount(usage.slices).to_string());
    line("output", HumanBytes(len(report.output.len())).to_string());
    if !report.stderr.is_empty() {
        let written = HumanBytes(len(report.stderr.len()));
        line(
            "error stream",
            match usage.stderr_lost {
                0 => written.to_string(),
                lost => format!("{written}, {} dropped", HumanBytes(lost)),
            },
        );
    }
    line(
        "log lines",
        match usage.log_lost {
            0 => HumanCount(len(report.logs.len())).to_string(),
            lost => format!(
                "{}, {} cut or dropped",
                HumanCount(len(report.logs.len())),
                HumanCount(lost)
            ),
        },
    );
    let denied = usage.memory_denied.saturating_add(usage.table_denied);
    if denied > 0 {
        line("denied growth", HumanCount(denied).to_string());
    }
    lines
}

fn len(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}
