//! Check of straight code, which the interpreter would charge for at once and not stop before its end.

use super::{check::Check, generated, machine::Machine, number::Count};
use crate::guard::guard;
use alloc::{
    format,
    string::{String, ToString},
};
use fuelbox::{Error, Limits, Module, Report, Slice, Usage};

/// The most that is charged at once, where there is a slice of one unit at a time.
pub(super) fn check(machine: &Machine) -> Check {
    let run = || -> Result<(u64, Report), Error> {
        let module = Module::new(generated::chain(LOADS))?;
        let sandbox = machine.sandbox(Limits::default().fuel(FUEL));
        let mut execution = sandbox.start(&module, [])?;
        let (mut most, mut before) = (0, 0);
        loop {
            let is_done = execution.step(Slice::fuel(1)).is_done();
            let fuel = execution.usage().fuel;
            most = most.max(fuel.saturating_sub(before));
            before = fuel;
            if is_done {
                return Ok((most, execution.finish().report));
            }
        }
    };
    let (observed, usage) = observed(guard(run));
    Check {
        usage,
        ..Check::new(
            "straight_code",
            "code without a branch, all of which is charged for before any of it runs",
            HELD,
            observed,
        )
    }
}

fn observed(ran: Result<Result<(u64, Report), Error>, String>) -> (String, Option<Usage>) {
    match ran {
        Ok(Ok((most, report))) => {
            let observed = match report.status() {
                Some(_) => shown(most, report.usage.fuel),
                None => report.outcome.code().to_string(),
            };
            (observed, Some(report.usage))
        }
        Ok(Err(error)) => (error.code().to_string(), None),
        Err(_) => ("panic".to_string(), None),
    }
}

fn shown(most: u64, all: u64) -> String {
    match (most <= MOST, all <= MOST) {
        // So little shows nothing.
        (_, true) => "too little code".to_string(),
        (true, false) => HELD.to_string(),
        (false, false) => format!("{} fuel at once", Count(most)),
    }
}

/// 30 KB of code, which fits on any device.
const LOADS: usize = 10_000;

/// Enough for all of it.
const FUEL: u64 = 10_000_000;

/// docs/limits.md
const MOST: u64 = 12_500;

const HELD: &str = "at most 12,500 fuel";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_charged_at_once_is_seen() {
        assert_eq!(shown(MOST, 400_000), HELD);
        assert_eq!(shown(MOST + 1, 400_000), "12,501 fuel at once");
        assert_eq!(shown(MOST, MOST), "too little code");
    }
}
