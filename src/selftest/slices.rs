//! Check of slices: the same report in every slice, and on every machine.

use super::{catalogue::MIXED, check::Check, machine::Machine, number::Count};
use crate::guard::guard;
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::time::Duration;
use fuelbox::{Error, Report, Slice};

/// A guest that does work of every kind uses the same fuel in slices of any size, and on any machine.
pub(super) fn check(machine: &Machine) -> Check {
    let reports = guard(|| {
        let runs = SLICES.iter().map(|slice| mixed(machine, *slice));
        runs.collect::<Result<Vec<Report>, Error>>()
    });
    let (observed, usage) = match reports {
        Ok(Ok(reports)) => (
            agreed(&reports),
            reports.into_iter().next().map(|report| report.usage),
        ),
        Ok(Err(error)) => (error.code().to_string(), None),
        Err(_) => ("panic".to_string(), None),
    };
    Check {
        usage,
        ..Check::new(
            "slices",
            "another report in slices of 1, 7, 1,000 and all fuel, or on this machine",
            format!("{} fuel", Count(MIXED_FUEL)),
            observed,
        )
    }
}

fn mixed(machine: &Machine, slice: u64) -> Result<Report, Error> {
    let mixed = MIXED.attack();
    let case = mixed.case();
    // Without a deadline: time must not show, however the clock goes.
    let limits = case.limits.clone().deadline(Duration::MAX);
    let sandbox = case.grant_to(machine.sandbox(limits));
    let module = case.admit()?;
    let mut execution = sandbox.start(&module, case.call(&module))?;
    while !execution.step(Slice::fuel(slice)).is_done() {}
    let mut report = execution.finish().report;
    report.usage.time = Duration::ZERO;
    report.usage.overrun = Duration::ZERO;
    report.usage.slices = 0;
    Ok(report)
}

/// The fuel that all reports have in common, or what they differ in.
fn agreed(reports: &[Report]) -> String {
    let Some((first, others)) = reports.split_first() else {
        return "no report".to_string();
    };
    if others.iter().any(|report| report != first) {
        let fuel: Vec<_> = reports
            .iter()
            .map(|report| Count(report.usage.fuel).to_string())
            .collect();
        return format!("reports that differ, with {} fuel", fuel.join(" "));
    }
    if let Err(otherwise) = MIXED.attack().case().expect.report(first) {
        return otherwise;
    }
    format!("{} fuel", Count(first.usage.fuel))
}

/// At 1 every basic block is left and resumed.
const SLICES: [u64; 4] = [1, 7, 1_000, u64::MAX];

/// What it was found to use. Another version of the interpreter may charge otherwise; no machine may.
const MIXED_FUEL: u64 = 644_059;

#[cfg(test)]
mod tests {
    use super::*;
    use fuelbox::{Outcome, Usage};

    /// What the guest gives back.
    const INPUT: &[u8] = b"some input to chew on";

    fn report(fuel: u64, output: &[u8]) -> Report {
        Report {
            outcome: Outcome::Finished { status: 0 },
            output: output.into(),
            stderr: Vec::new(),
            logs: Vec::new(),
            values: Vec::new(),
            trees: Vec::new(),
            mounts: Vec::new(),
            usage: Usage {
                fuel,
                ..Usage::default()
            },
        }
    }

    #[test]
    fn reports_that_differ_are_seen() {
        let same = report(1_000, INPUT);
        assert_eq!(agreed(&[same.clone(), same.clone()]), "1,000 fuel");
        let other = report(1_001, INPUT);
        assert_eq!(
            agreed(&[same.clone(), other]),
            "reports that differ, with 1,000 1,001 fuel"
        );
        assert_eq!(
            agreed(&[same, report(1_000, b"")]),
            "reports that differ, with 1,000 1,000 fuel"
        );
        let otherwise = r#"output is "", expected "some input to chew on""#;
        assert_eq!(agreed(&[report(1_000, b"")]), otherwise);
        assert_eq!(agreed(&[]), "no report");
    }
}
