//! A recording, run again.

use crate::{
    capability::Grants,
    clock::Clock,
    error::Error,
    execution::{self, Replayed},
    host::{Difference, Diverged},
    instance::Setup,
    limits::CallLimits,
    module::Module,
    recording::{End, RecordedCall, Recording},
    report::{Outcome, Report, Usage},
    stop::{Stop, Trap},
};
use alloc::{string::String, vec::Vec};
use core::{fmt, time::Duration};

/// What came of a recording that was run again.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Replay {
    /// The report of each call. What was not computed again is as recorded: what host functions made of the guest's
    /// output, logs and files, and the times.
    pub reports: Vec<Report>,
    /// Where the guest did something else than it did when it was recorded; nothing where it did the same.
    pub divergence: Option<Divergence>,
}

/// Where a guest did something else than it did when it was recorded.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Divergence {
    /// In which call of the recording, from 0.
    pub call: usize,
    /// At which host call of it, from 0.
    pub host_call: u64,
    /// What was recorded.
    pub expected: String,
    /// What the guest did.
    pub found: String,
}

/// What a recording is run again for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Compare,
    /// The module tells where it is.
    Observe,
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            call,
            host_call,
            expected,
            found,
        } = self;
        write!(
            f,
            "in call {call}, at host call {host_call}: {expected} was recorded, and this is {found}"
        )
    }
}

impl Recording {
    /// Runs it again with `module`, in place of all that the guest reached then: nothing of the host is called.
    ///
    /// With the module that was recorded, built under the same [limits](Self::module_limits), the reports are the same,
    /// to the unit of fuel. With another build of it, the [divergence](Replay::divergence) says at which host call it
    /// parted; fuel between host calls is not compared then.
    ///
    /// # Errors
    /// As for [`Sandbox::start`](crate::Sandbox::start), where the module could not begin the call.
    pub fn replay(&self, module: &Module) -> Result<Replay, Error> {
        let (replay, _) = self.run_again(module, Purpose::Compare)?;
        Ok(replay)
    }

    /// Runs it again; the guest is left as it was after its last call.
    pub(crate) fn run_again(
        &self,
        module: &Module,
        purpose: Purpose,
    ) -> Result<(Replay, Replayed), Error> {
        let is_same = self.is_of(module);
        let mut replayed = self.begin_replay(module, is_same)?;
        let mut replay = Replay {
            reports: Vec::new(),
            divergence: None,
        };
        for (number, call) in self.calls.iter().enumerate() {
            let end = call.end.as_ref().filter(|_| is_same);
            let limits = limits(call, end, purpose);
            let mut report = replayed.run(number, call, limits)?;
            replay.divergence = divergence(&mut replayed, number);
            if let (None, Some(end)) = (&replay.divergence, &call.end) {
                complete(&mut report, end, purpose);
                replay.divergence = is_same.then(|| difference(number, &report, end)).flatten();
            }
            replay.reports.push(report);
            if replay.divergence.is_some() {
                break;
            }
        }
        Ok((replay, replayed))
    }

    /// Whether it is of `module`: fuel is the same then.
    fn is_of(&self, module: &Module) -> bool {
        self.fingerprint == module.fingerprint() && self.module_limits == *module.limits()
    }

    /// An instance in which the calls can be run again.
    fn begin_replay(&self, module: &Module, counts_fuel: bool) -> Result<Replayed, Error> {
        let setup = Setup {
            module,
            grants: &Grants::default(),
            limits: &self.limits,
            clock: clock(),
            record: None,
        };
        execution::replay(&setup, self.clone(), counts_fuel)
    }
}

/// The machine's clock, for modules that may never end.
#[cfg(feature = "std")]
fn clock() -> Clock {
    Clock::System
}

/// A clock that stands still: only fuel ends what was recorded.
#[cfg(not(feature = "std"))]
fn clock() -> Clock {
    Clock::Host(alloc::sync::Arc::new(|| Duration::ZERO))
}

/// What a call may use when it is run again, where `end` is known to be its end too.
///
/// What ended it from outside ends it at the same point of its code: the fuel that it had used is all that it gets.
fn limits(call: &RecordedCall, end: Option<&End>, purpose: Purpose) -> CallLimits {
    let limits = call.limits.clone();
    let Some(end) = end else {
        return limits;
    };
    let limits = limits.deadline(Duration::MAX).wait(Duration::MAX);
    match &end.outcome {
        Outcome::Stopped { stop, .. } if is_from_outside(stop, purpose) => {
            limits.fuel(end.usage.fuel)
        }
        _ => limits,
    }
}

/// Whether the guest's code has nothing to do with a stop.
fn is_from_outside(stop: &Stop, purpose: Purpose) -> bool {
    match stop {
        Stop::Deadline { .. } | Stop::Cancelled | Stop::SystemOutOfMemory | Stop::Engine { .. } => {
            true
        }
        // What tells where the guest is takes room on the stack, so it is given more.
        Stop::Trapped(Trap::StackOverflow) => purpose == Purpose::Observe,
        _ => false,
    }
}

/// Puts in what only the host had to do with.
fn complete(report: &mut Report, end: &End, purpose: Purpose) {
    if let (Outcome::Stopped { stop: recorded, .. }, Outcome::Stopped { stop, .. }) =
        (&end.outcome, &mut report.outcome)
        && is_from_outside(recorded, purpose)
        && matches!(stop, Stop::OutOfFuel { .. })
    {
        *stop = recorded.clone();
    }
    report.output.clone_from(&end.output);
    report.stderr.clone_from(&end.stderr);
    report.logs.clone_from(&end.logs);
    report.mounts.clone_from(&end.mounts);
    report.trees.clone_from(&end.trees);
    report.usage = Usage {
        log_lines_lost: end.usage.log_lines_lost,
        stderr_bytes_lost: end.usage.stderr_bytes_lost,
        names_left_out: end.usage.names_left_out,
        time: end.usage.time,
        overrun: end.usage.overrun,
        waited: end.usage.waited,
        slices: end.usage.slices,
        ..report.usage.clone()
    };
}

/// Where the host calls of the call were others.
fn divergence(replayed: &mut Replayed, call: usize) -> Option<Divergence> {
    const NONE: &str = "no further host call";

    if let Some(Diverged {
        host_call,
        expected,
        found,
    }) = replayed.diverged()
    {
        let found = match found {
            Difference::HostCall(found) => found,
            Difference::Fuel { expected, found } => {
                alloc::format!("the same after {found} fuel in place of {expected}")
            }
            Difference::Shape => "a guest that cannot take what was given".into(),
        };
        let expected = expected.unwrap_or_else(|| NONE.into());
        return Some(Divergence {
            call,
            host_call,
            expected,
            found,
        });
    }
    let (host_call, expected) = replayed.left_out()?;
    let found = NONE.into();
    Some(Divergence {
        call,
        host_call,
        expected,
        found,
    })
}

/// How the end of the call differs, if it does.
fn difference(call: usize, report: &Report, end: &End) -> Option<Divergence> {
    let is_same =
        report.outcome == end.outcome && report.values == end.values && report.usage == end.usage;
    if is_same {
        return None;
    }
    let shown =
        |outcome: &Outcome, usage: &Usage| alloc::format!("{outcome}, after {} fuel", usage.fuel);
    Some(Divergence {
        call,
        host_call: report.usage.host_calls,
        expected: shown(&end.outcome, &end.usage),
        found: shown(&report.outcome, &report.usage),
    })
}
