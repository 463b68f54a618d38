//! Checks of the cancel token, with an endless guest.

#[cfg(feature = "std")]
use super::{attack, judge};
use super::{catalogue::ENDLESS, check::Check, machine::Machine};
use crate::guard::guard;
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::time::Duration;
#[cfg(feature = "std")]
use fuelbox::CancelToken;
use fuelbox::{Error, Execution, Limits, Module, Report, Slice, Step, Usage};

pub(super) fn checks(machine: &Machine) -> Vec<Check> {
    Vec::from([
        between_steps(machine),
        #[cfg(feature = "std")]
        from_a_thread(machine),
    ])
}

/// Cancelled by the thread that steps it.
fn between_steps(machine: &Machine) -> Check {
    let run = || -> Result<Report, Error> {
        let mut execution = endless(machine)?;
        let token = execution.cancel_token();
        if execution.step(Slice::fuel(A_FEW)) == Step::Paused {
            token.cancel();
        }
        Ok(execution.finish().report)
    };
    let (observed, usage) = ended(guard(run));
    Check {
        usage,
        ..Check::new(
            "cancel_between_steps",
            "going on after it was cancelled between two steps",
            CANCELLED,
            observed,
        )
    }
}

/// Cancelled by another thread, while it runs; one that is only late gets another try.
#[cfg(feature = "std")]
fn from_a_thread(machine: &Machine) -> Check {
    let mut check = attempt_from_a_thread(machine, judge::LEAST_ALLOWED);
    for _ in 1..attack::TRIES {
        if check.contained || check.observed != check.expected {
            break;
        }
        check = attempt_from_a_thread(machine, ENDLESS.attack().allowance(machine));
    }
    check
}

#[cfg(feature = "std")]
fn attempt_from_a_thread(machine: &Machine, allowed: Duration) -> Check {
    let mut late = Duration::ZERO;
    let run = || -> Result<Report, Error> {
        let mut execution = endless(machine)?;
        let token = execution.cancel_token();
        let (report, cancelled) = cancelled_meanwhile(machine, execution, &token);
        late = machine.now().saturating_sub(cancelled);
        Ok(report)
    };
    let (observed, usage) = ended(guard(run));
    let check = Check::new(
        "cancel_from_a_thread",
        "going on after another thread cancelled it",
        CANCELLED,
        observed,
    );
    let in_time = judge::in_time(late, allowed);
    Check {
        usage,
        overrun: Some(late),
        contained: check.contained && in_time.is_ok(),
        problem: check
            .problem
            .or(in_time.err().map(|problem| problem.to_string())),
        ..check
    }
}

/// Runs to the end, with a thread beside that cancels after a while; tells when it did.
#[cfg(feature = "std")]
fn cancelled_meanwhile(
    machine: &Machine,
    execution: Execution,
    token: &CancelToken,
) -> (Report, Duration) {
    std::thread::scope(|scope| {
        let canceller = std::thread::Builder::new().spawn_scoped(scope, || {
            crate::clock::sleep(A_WHILE);
            let now = machine.now();
            token.cancel();
            now
        });
        if canceller.is_err() {
            // No thread can be started here. What can still be seen is that the token cancels.
            token.cancel();
        }
        let begun = machine.now();
        let report = execution.finish().report;
        let cancelled = canceller.ok().and_then(|thread| thread.join().ok());
        (report, cancelled.unwrap_or(begun))
    })
}

fn endless(machine: &Machine) -> Result<Execution, Error> {
    let limits = Limits::default().fuel(FUEL).deadline(PATIENCE);
    machine
        .sandbox(limits)
        .start(&Module::new(ENDLESS.wasm)?, [])
}

fn ended(result: Result<Result<Report, Error>, String>) -> (String, Option<Usage>) {
    match result {
        Ok(Ok(report)) => (report.outcome.code().to_string(), Some(report.usage)),
        Ok(Err(error)) => (error.code().to_string(), None),
        Err(_) => ("panic".to_string(), None),
    }
}

const CANCELLED: &str = "cancelled";

/// Fuel of the step before which nothing is cancelled.
const A_FEW: u64 = 1_000;

/// Long enough for the other thread to find the guest running.
#[cfg(feature = "std")]
const A_WHILE: Duration = Duration::from_millis(20);

/// Half a minute of arithmetic on a server: a guest that is not cancelled ends by itself.
const FUEL: u64 = 100_000_000_000;

/// Ends a guest that is not cancelled on a machine that is slower.
const PATIENCE: Duration = Duration::from_secs(10);
