//! One hostile guest, and how it must end.

use super::{
    bound::Bound,
    check::Check,
    grant::Grant,
    judge::{self, End},
    machine::Machine,
};
use crate::{
    error::Error,
    guard::guard,
    limits::Limits,
    module::Module,
    module_limits::ModuleLimits,
    report::{Report, Usage},
};
use alloc::{
    borrow::Cow,
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};
use core::time::Duration;

/// How often an attack may be late before it counts as not held. What the sandbox does wrong it does
/// each time; a system that gave the processor to somebody else does not.
pub(super) const TRIES: u32 = 5;

/// Fuel of the longest operation that cannot be interrupted: a fill of 64 MiB.
const LONGEST_FUEL: u64 = 1_250_000;

/// A slice that takes longer is not waited for.
const LONGEST_SLICE: Duration = Duration::from_millis(500);

/// One hostile guest, its limits, what it is granted, and how it must end.
#[derive(Clone, Copy)]
pub(super) struct Attack {
    name: &'static str,
    tries: &'static str,
    wasm: &'static [u8],
    bounds: &'static [Bound],
    grants: &'static [Grant],
    ends: &'static str,
}

impl Attack {
    /// An attack that must end as `ends` says, in the words of [`Check::expected`].
    pub(super) const fn new(
        name: &'static str,
        tries: &'static str,
        wasm: &'static [u8],
        ends: &'static str,
    ) -> Self {
        Self {
            name,
            tries,
            wasm,
            bounds: &[],
            grants: &[],
            ends,
        }
    }

    pub(super) const fn within(self, bounds: &'static [Bound]) -> Self {
        Self { bounds, ..self }
    }

    pub(super) const fn granted(self, grants: &'static [Grant]) -> Self {
        Self { grants, ..self }
    }

    /// Runs the attack and judges it; one that is only late gets another try.
    pub(super) fn check(&self, machine: &Machine) -> Check {
        let mut check = self.attempt(machine, judge::LEAST_ALLOWED);
        for _ in 1..TRIES {
            if check.held || check.observed != check.expected {
                break;
            }
            check = self.attempt(machine, self.allowance(machine));
        }
        check
    }

    /// By how much the guest may be late here and now.
    pub(super) fn allowance(&self, machine: &Machine) -> Duration {
        let limits = machine.limits(self.bounds);
        let limits = limits.fuel(LONGEST_FUEL).deadline(LONGEST_SLICE);
        let (_, slice) = self.run(machine, limits);
        judge::allowance(slice)
    }

    fn attempt(&self, machine: &Machine, allowed: Duration) -> Check {
        let limits = machine.limits(self.bounds);
        let (end, took) = self.run(machine, limits.clone());
        let verdict = judge::judge(&limits, self.ends, &end, took, allowed);
        Check {
            attack: Cow::Borrowed(self.name),
            tries: Cow::Borrowed(self.tries),
            limit: shown(self.bounds),
            expected: Cow::Borrowed(self.ends),
            observed: end.words(),
            overrun: self
                .is_timed()
                .then(|| took.saturating_sub(limits.call.deadline)),
            usage: usage(end),
            held: verdict.is_ok(),
            problem: verdict.err().map(|problem| problem.to_string()),
        }
    }

    /// Runs the attack within its limits; tells how it ended and how long it ran.
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
        let module = Module::builder()
            .limits(self.module_limits())
            .build(self.wasm)?;
        let sandbox = self
            .grants
            .iter()
            .fold(machine.sandbox(limits), |sandbox, grant| {
                grant.open(sandbox)
            });
        let begun = machine.now();
        let report = sandbox.run(&module, []);
        *took = machine.now().saturating_sub(begun);
        report
    }

    fn module_limits(&self) -> ModuleLimits {
        self.bounds
            .iter()
            .fold(ModuleLimits::default(), |limits, bound| {
                bound.set_of_module(limits)
            })
    }

    fn is_timed(&self) -> bool {
        self.bounds
            .iter()
            .any(|bound| matches!(bound, Bound::DeadlineMillis(_)))
    }
}

fn shown(bounds: &[Bound]) -> String {
    let shown: Vec<_> = bounds.iter().map(ToString::to_string).collect();
    shown.join(", ")
}

fn usage(end: End) -> Option<Usage> {
    match end {
        End::Report(report) => Some(report.usage),
        End::Refused(_) | End::Panicked(_) => None,
    }
}
