//! The summary of a run: one screen, for a person.

use crate::units;
use fuelbox::{Limits, Report};
use std::fmt::Write;

/// One line for each thing a run used; those that stayed at nothing are left out.
pub(crate) fn summary(report: &Report, limits: &Limits) -> String {
    let usage = &report.usage;
    let mut lines = String::new();
    let mut line = |name: &str, shown: String| {
        writeln!(lines, "  {name:<15}{shown}").expect("a String takes everything");
    };
    line(
        "fuel",
        format!(
            "{} of {}",
            units::grouped(usage.fuel),
            units::grouped(limits.call.fuel)
        ),
    );
    let overrun = if usage.overrun.is_zero() {
        "none".to_owned()
    } else {
        units::measured_time(usage.overrun, 1)
    };
    line(
        "time",
        format!(
            "{} of {}, overrun {overrun}",
            units::measured_time(usage.time, 1),
            units::show_duration(limits.call.deadline)
        ),
    );
    line(
        "peak memory",
        format!(
            "{} of {}",
            units::measured_size(usage.peak_memory_bytes),
            units::show_size(limits.instance.memory_bytes)
        ),
    );
    line("host calls", units::grouped(usage.host_calls));
    line("slices", units::grouped(usage.slices));
    line("output", units::measured_size(len(report.output.len())));
    if !report.stderr.is_empty() {
        let written = units::measured_size(len(report.stderr.len()));
        line(
            "error stream",
            match usage.stderr_bytes_lost {
                0 => written,
                lost => format!("{written}, {} dropped", units::measured_size(lost)),
            },
        );
    }
    line(
        "log lines",
        match usage.log_lines_lost {
            0 => units::grouped(len(report.logs.len())),
            lost => format!(
                "{}, {} cut or dropped",
                units::grouped(len(report.logs.len())),
                units::grouped(lost)
            ),
        },
    );
    if usage.names_left_out > 0 {
        let names = units::grouped(usage.names_left_out);
        line("left out", format!("{names} names in directories"));
    }
    let denied = usage
        .memory_growths_denied
        .saturating_add(usage.table_growths_denied);
    if denied > 0 {
        line("denied growth", units::grouped(denied));
    }
    lines
}

fn len(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}
