//! What holds for everything that fuelbox says.

use fuelbox::{GrowthDenial, Limits, Outcome, Report, Stop, Usage};
use std::fmt::Display;

/// Fuel that every host call costs.
const FUEL_PER_CALL: u64 = 64;

/// What is shown to people drives no terminal: it is one line, and everything invisible is escaped.
///
/// # Panics
/// Where it does.
pub(crate) fn is_harmless(shown: &impl Display) {
    let text = shown.to_string();
    assert!(!text.chars().any(char::is_control), "{text:?}");
}

/// What holds for every report, however the run ended.
///
/// # Panics
/// Where it does not.
pub(crate) fn holds(report: &Report, limits: &Limits) {
    stays_within(report, limits);
    accounts_agree(&report.usage, limits);
    outcome_fits(report, limits);
    is_harmless(&report.outcome);
    report.logs.iter().for_each(is_harmless);
    report.values.iter().for_each(is_harmless);
}

/// Nothing exceeds its limit.
fn stays_within(report: &Report, limits: &Limits) {
    let usage = &report.usage;
    let lines = || report.logs.iter().map(|line| line.text.len() as u64);
    let sizes = [
        ("fuel", usage.fuel, limits.call.fuel),
        (
            "memory",
            usage.peak_memory_bytes,
            limits.instance.memory_bytes,
        ),
        (
            "table",
            usage.peak_table_elements,
            limits.instance.table_elements,
        ),
        (
            "output",
            report.output.len() as u64,
            limits.call.output_bytes,
        ),
        (
            "stderr",
            report.stderr.len() as u64,
            limits.call.stderr_bytes,
        ),
        ("lines", report.logs.len() as u64, limits.call.log_lines),
        ("log", lines().sum(), limits.call.log_bytes),
        (
            "line",
            lines().max().unwrap_or(0),
            limits.call.log_line_bytes,
        ),
    ];
    for (what, used, limit) in sizes {
        assert!(used <= limit, "{what} is {used}, {limit} are allowed");
    }
}

/// What is counted twice has the same count both times.
fn accounts_agree(usage: &Usage, limits: &Limits) {
    assert_eq!(
        usage.overrun,
        usage.time.saturating_sub(limits.call.deadline)
    );
    // The last call may be the one that could not be paid.
    let paid = usage.host_calls.saturating_sub(1);
    assert!(
        paid.saturating_mul(FUEL_PER_CALL) <= usage.fuel,
        "{usage:?}"
    );
    let denied = usage.memory_growths_denied + usage.table_growths_denied;
    if limits.instance.growth_denial == GrowthDenial::Stop {
        assert!(denied <= 1, "{usage:?}");
    }
    // Each denied growth was paid for.
    assert!(denied <= usage.fuel, "{usage:?}");
}

/// The outcome says what the usage says.
fn outcome_fits(report: &Report, limits: &Limits) {
    let usage = &report.usage;
    let denied = usage.memory_growths_denied + usage.table_growths_denied;
    let stop = match &report.outcome {
        Outcome::Finished { .. } => None,
        Outcome::Stopped { stop, .. } => Some(stop),
        other => panic!("{other:?} is not listed"),
    };
    let is_denied = matches!(
        stop,
        Some(Stop::OutOfMemory { .. } | Stop::OutOfTable { .. })
    );
    if limits.instance.growth_denial == GrowthDenial::Stop {
        assert_eq!(is_denied, denied == 1, "{report:?}");
    } else {
        assert!(!is_denied, "{report:?}");
    }
    match stop {
        None
        | Some(
            Stop::Cancelled | Stop::Trapped(_) | Stop::Fault { .. } | Stop::HostFunction { .. },
        ) => {}
        Some(Stop::OutOfFuel { limit }) => assert_eq!(*limit, limits.call.fuel),
        Some(Stop::Deadline { limit }) => {
            assert_eq!(*limit, limits.call.deadline);
            assert!(usage.time >= *limit, "{usage:?}");
        }
        Some(Stop::OutOfMemory { limit, requested }) => {
            assert_eq!(*limit, limits.instance.memory_bytes);
            assert!(requested > limit);
        }
        Some(Stop::OutOfTable { limit, requested }) => {
            assert_eq!(*limit, limits.instance.table_elements);
            assert!(requested > limit);
        }
        Some(Stop::OutputTooLarge { limit }) => {
            assert_eq!(*limit, limits.call.output_bytes);
            assert_eq!(report.output.len() as u64, *limit);
        }
        Some(other) => panic!("{other:?} is not listed"),
    }
}
