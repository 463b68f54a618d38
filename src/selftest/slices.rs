//! The same report in every slice, and on every machine.

use super::{bound::Count, check::Check, grant::Grant, machine::Machine};
use crate::{
    call::Call, error::Error, execution::Slice, guard::guard, module::Module, report::Report,
    sandbox::Sandbox,
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::time::Duration;

pub(super) fn checks(machine: &Machine) -> Vec<Check> {
    Vec::from([fuel(machine), nan(machine)])
}

/// A guest that does work of every kind uses the same fuel in slices of any size, and on any machine.
fn fuel(machine: &Machine) -> Check {
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

/// The bits of a NaN, which WebAssembly leaves open.
fn nan(machine: &Machine) -> Check {
    let run = || -> Result<Report, Error> {
        let module = Module::new(NAN_WASM)?;
        let sandbox = timeless(machine);
        Ok(sandbox.start(&module, Call::export("nan"))?.finish().report)
    };
    let observed = match guard(run) {
        Ok(Ok(report)) => {
            let values: Vec<_> = report.values.iter().map(ToString::to_string).collect();
            values.join(" ")
        }
        Ok(Err(error)) => error.code().to_string(),
        Err(_) => "panic".to_string(),
    };
    Check::new(
        "nan",
        "the bits of a NaN, which differ from machine to machine",
        NAN_BITS,
        observed,
    )
}

fn mixed(machine: &Machine, slice: u64) -> Result<Report, Error> {
    let module = Module::new(MIXED_WASM)?;
    let sandbox = GRANTS
        .iter()
        .fold(timeless(machine), |sandbox, grant| grant.open(sandbox));
    let mut execution = sandbox.start(&module, MIXED_INPUT)?;
    while !execution.step(Slice::fuel(slice)).is_done() {}
    let mut report = execution.finish().report;
    report.usage.time = Duration::ZERO;
    report.usage.overrun = Duration::ZERO;
    report.usage.slices = 0;
    Ok(report)
}

/// Without a deadline: time must not show, however the clock goes.
fn timeless(machine: &Machine) -> Sandbox {
    machine.sandbox(machine.limits(&[]).deadline(Duration::MAX))
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
    if first.status() != Some(0) || first.output != MIXED_INPUT {
        return first.outcome.code().to_string();
    }
    format!("{} fuel", Count(first.usage.fuel))
}

/// At 1 every basic block is left and resumed.
const SLICES: [u64; 4] = [1, 7, 1_000, u64::MAX];

/// Of `tests/guests/mixed.wat`, which gives its input back.
const MIXED_WASM: &[u8] = include_bytes!("guests/mixed.wasm");
const MIXED_INPUT: &[u8] = b"some input to chew on";
const GRANTS: [Grant; 4] = [Grant::Protocol, Grant::Host, Grant::Random, Grant::Clock];

/// What it was found to use. Another version of the interpreter may charge otherwise; no machine may.
const MIXED_FUEL: u64 = 644_059;

/// Of `tests/guests/nan.wat`.
const NAN_WASM: &[u8] = include_bytes!("guests/nan.wasm");
const NAN_BITS: &str = "2143289344 9221120237041090560";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Outcome, Usage};

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
        let same = report(1_000, MIXED_INPUT);
        assert_eq!(agreed(&[same.clone(), same.clone()]), "1,000 fuel");
        let other = report(1_001, MIXED_INPUT);
        assert_eq!(
            agreed(&[same.clone(), other]),
            "reports that differ, with 1,000 1,001 fuel"
        );
        assert_eq!(
            agreed(&[same, report(1_000, b"")]),
            "reports that differ, with 1,000 1,000 fuel"
        );
        assert_eq!(agreed(&[report(1_000, b"")]), "finished");
        assert_eq!(agreed(&[]), "no report");
    }
}
