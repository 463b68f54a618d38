//! One hostile guest, and whether it is contained.

use super::{
    case::Case,
    check::Check,
    header,
    judge::{self, End},
    machine::Machine,
};
use crate::guard::guard;
use alloc::{
    borrow::Cow,
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::time::Duration;
use fuelbox::{Error, Limits, Report, Usage};

/// How often an attack may be late before it counts as not contained. What the sandbox does wrong it does
/// each time; a system that gave the processor to somebody else does not.
pub(super) const TRIES: u32 = 5;

/// Fuel of an attack that is not about fuel; enough for each that ends by itself.
const FUEL: u64 = 50_000_000;

/// Deadline of an attack that is not about time. It ends one that nothing else ends.
const PATIENCE: Duration = Duration::from_secs(60);

/// Fuel of the longest operation that cannot be interrupted: a fill of 64 MiB.
const LONGEST_FUEL: u64 = 1_250_000;

/// A slice that takes longer is not waited for.
const LONGEST_SLICE: Duration = Duration::from_millis(500);

/// One hostile guest, with its header.
pub(super) struct Attack {
    name: &'static str,
    header: Vec<(String, String)>,
    case: Case,
}

impl Attack {
    /// A guest that must end as its header says.
    pub(super) fn new(name: &'static str, header: &str, wasm: Vec<u8>) -> Self {
        const READ: &str = "the tests read every header";

        let limits = Limits::default().fuel(FUEL).deadline(PATIENCE);
        Self {
            name,
            header: header::read(header).expect(READ),
            case: Case::new(header, wasm, limits).expect(READ),
        }
    }

    pub(super) fn case(&self) -> &Case {
        &self.case
    }

    /// Whether it is about a deadline.
    pub(super) fn has_deadline(&self) -> bool {
        self.header.iter().any(|(key, _)| key == "deadline")
    }

    /// Runs the attack and judges it; one that is only late gets another try.
    pub(super) fn check(&self, machine: &Machine) -> Check {
        let mut check = self.attempt(machine, judge::LEAST_ALLOWED);
        for _ in 1..TRIES {
            if check.contained || check.observed != check.expected {
                break;
            }
            check = self.attempt(machine, self.allowance(machine));
        }
        check
    }

    /// By how much the guest may be late here and now.
    pub(super) fn allowance(&self, machine: &Machine) -> Duration {
        let limits = machine.limits(self);
        let limits = limits.fuel(LONGEST_FUEL).deadline(LONGEST_SLICE);
        let (_, slice) = self.run(machine, limits);
        judge::allowance(slice)
    }

    fn attempt(&self, machine: &Machine, allowed: Duration) -> Check {
        let limits = machine.limits(self);
        let expect = &self.case.expect;
        let (end, took) = self.run(machine, limits.clone());
        let verdict = judge::judge(&limits, expect, &end, took, allowed);
        Check {
            attack: Cow::Borrowed(self.name),
            tries: Cow::Owned(self.tries()),
            limit: self.limit(),
            expected: Cow::Owned(expect.outcome().to_string()),
            observed: end.words(),
            overrun: self
                .has_deadline()
                .then(|| took.saturating_sub(limits.call.deadline)),
            usage: usage(end),
            contained: verdict.is_ok(),
            problem: verdict.err().map(|problem| problem.to_string()),
        }
    }

    /// Runs the attack within `limits`; tells how it ended and how long it ran.
    pub(super) fn run(&self, machine: &Machine, limits: Limits) -> (End, Duration) {
        let mut took = Duration::ZERO;
        let end = match guard(|| self.report(machine, limits, &mut took)) {
            Ok(Ok(report)) => End::Report(Box::new(report)),
            Ok(Err(error)) => End::Refused(error),
            Err(message) => End::Panicked(message),
        };
        (end, took)
    }

    fn report(
        &self,
        machine: &Machine,
        limits: Limits,
        took: &mut Duration,
    ) -> Result<Report, Error> {
        let module = self.case.admit()?;
        let sandbox = self.case.grant_to(machine.sandbox(limits));
        let call = self.case.call(&module);
        #[cfg(all(feature = "worker", unix))]
        if let Some(isolation) = machine.isolation() {
            return isolation.report(&self.case, &sandbox, call, |run| {
                let begun = machine.now();
                let report = run();
                *took = machine.now().saturating_sub(begun);
                report
            });
        }
        let begun = machine.now();
        let report = sandbox.run(&module, call);
        *took = machine.now().saturating_sub(begun);
        report
    }

    fn tries(&self) -> String {
        let says = |key: &&str| ["attack", "shows"].contains(key);
        let line = self.header.iter().find(|(key, _)| says(&key.as_str()));
        line.map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// Its limits, as the header writes them. Beside a deadline, fuel is there to end a test of moved clocks.
    fn limit(&self) -> String {
        let is_timed = self.has_deadline();
        let limits = self.header.iter().filter(|(key, value)| {
            let is_limit = matches!(self.case.clone().limit(key, value), Ok(true));
            is_limit && !(is_timed && key == "fuel")
        });
        let shown: Vec<_> = limits
            .map(|(key, value)| format!("{key} {value}"))
            .collect();
        shown.join(", ")
    }
}

fn usage(end: End) -> Option<Usage> {
    match end {
        End::Report(report) => Some(report.usage),
        End::Refused(_) | End::Panicked(_) => None,
    }
}
