//! One run, and what stops it.

mod call_values;
mod cancel;
mod classify;
mod dispatch;
mod future;
mod instance;
mod pace;
mod wait;

pub use cancel::CancelToken;
#[cfg(feature = "selftest")]
pub(crate) use dispatch::check as check_dispatch;
pub use future::Run;
pub(crate) use instance::{Setup, Target};

use crate::{
    capability,
    clock::Clock,
    guard::guard,
    host::{Extensions, Host, Signal, values},
    limits::Limits,
    module::TABLE_GROW_REPLAY_FUEL,
    report::{Outcome, Phase, Report, Usage},
    stop::Stop,
};
use alloc::vec::Vec;
use call_values::Values;
use core::{fmt, mem, time::Duration};
use instance::Calls;
use pace::Pace;
use wait::Wait;
use wasmi::{ResumableCall, ResumableCallOutOfFuel, Val};

/// One run in progress: step it, cancel it, finish it.
///
/// Made by [`Sandbox::start`](crate::Sandbox::start). It can move between threads, and awaiting it
/// runs it slice by slice. Dropping it ends the run and frees everything.
pub struct Execution {
    store: wasmi::Store<Host>,
    calls: Calls,
    results: Values<1>,
    phase: Phase,
    progress: Progress,
    deadline: Duration,
    pace: Pace,
    clock: Clock,
    cancel: Option<CancelToken>,
    time: Duration,
    slices: u64,
    /// When the guest's wait was last looked at.
    waiting_since: Option<Duration>,
    span: tracing::Span,
}

/// Where the call of the phase stands.
enum Progress {
    Ready,
    Suspended(ResumableCallOutOfFuel),
    Waiting(Wait),
    Over(Outcome),
}

/// How a run stands after [`Execution::step`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// There is more to run.
    Paused,
    /// It is over; [`Execution::finish`] has the report.
    Done,
}

impl Execution {
    /// Runs the guest for about `fuel`, then returns.
    ///
    /// A little more where the guest is amid something that cannot be interrupted; less where it ends
    /// or is stopped. With zero nothing runs. Once the run is over, every step is [`Step::Done`].
    pub fn step(&mut self, fuel: u64) -> Step {
        if self.is_over() {
            return Step::Done;
        }
        if fuel == 0 {
            return Step::Paused;
        }
        let span = self.span.clone();
        let _entered = span.enter();
        // While a guest waits, time passes between steps too.
        let mut before = self
            .waiting_since
            .take()
            .unwrap_or_else(|| self.clock.now());
        let mut left = fuel;
        while left > 0 {
            if let Some(stop) = self.interruption() {
                self.stop(stop);
                capability::close_files(&mut self.store.data_mut().states);
                return Step::Done;
            }
            let (mut slept, mut used) = (Duration::ZERO, 0);
            match &self.progress {
                Progress::Waiting(wait) if !wait.is_over() => {
                    slept = wait.sleep(self.deadline.saturating_sub(self.time));
                }
                _ => used = self.run_slice(left),
            }
            left = left.saturating_sub(used);
            let after = self.clock.now();
            let passed = after.saturating_sub(before).max(slept);
            self.time = self.time.saturating_add(passed);
            before = after;
            if self.cancel.is_some() {
                self.pace.learn(used, passed);
            }
            if self.is_over() {
                capability::close_files(&mut self.store.data_mut().states);
                return Step::Done;
            }
            if let Progress::Waiting(wait) = &mut self.progress
                && !wait.is_over()
            {
                wait.pass(passed);
                self.waiting_since = Some(after);
                return Step::Paused;
            }
        }
        Step::Paused
    }

    /// What the guest has written to its output so far.
    #[must_use]
    pub fn output(&self) -> &[u8] {
        self.store.data().record.output()
    }

    /// What a WASI guest has written to its error stream so far.
    #[must_use]
    pub fn stderr(&self) -> &[u8] {
        self.store.data().record.stderr()
    }

    /// A token that cancels this run from any thread.
    pub fn cancel_token(&mut self) -> CancelToken {
        self.cancel.get_or_insert_default().clone()
    }

    /// Whether the run is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.progress, Progress::Over(_))
    }

    /// What the run has used so far.
    #[must_use]
    pub fn usage(&self) -> Usage {
        let Host {
            meter,
            ledger,
            record,
            ..
        } = self.store.data();
        Usage {
            fuel: ledger.used(self.fuel_in_store()),
            peak_memory_bytes: meter.peak_memory_bytes(),
            memory_denied: meter.memory_denied(),
            peak_table_elements: meter.table_elements(),
            table_denied: meter.table_denied(),
            host_calls: ledger.host_calls(),
            log_lost: record.log_lost(),
            stderr_lost: record.stderr_lost(),
            time: self.time,
            overrun: self.time.saturating_sub(self.deadline),
            slices: self.slices,
        }
    }

    /// Runs the guest to its end, or until something stops it.
    #[must_use]
    pub fn finish(mut self) -> Report {
        self.complete()
    }

    /// As [`finish`](Self::finish), and gives the run's extensions back.
    #[must_use]
    pub fn finish_with_extensions(mut self) -> (Report, Extensions) {
        let report = self.complete();
        let extensions = mem::take(&mut self.store.data_mut().extensions);
        (report, extensions)
    }

    /// Runs the guest to its end and takes the report out; what is left is good for nothing more.
    ///
    /// In place: a run is nearly 3,000 bytes, and short ones would notice being moved about.
    pub(crate) fn complete(&mut self) -> Report {
        while self.step(u64::MAX) == Step::Paused {}
        let usage = self.usage();
        let nothing_left = Progress::Over(Outcome::Finished { status: 0 });
        let Progress::Over(outcome) = mem::replace(&mut self.progress, nothing_left) else {
            unreachable!("the loop above ends when the run is over");
        };
        if !self.span.is_disabled() {
            self.span.record("outcome", outcome.code());
            self.span.record("fuel", usage.fuel);
        }
        let is_of_export = !self.calls.result_is_status;
        let values = match outcome {
            Outcome::Finished { .. } if is_of_export => {
                self.results.iter().map(values::from_wasmi).collect()
            }
            _ => Vec::new(),
        };
        let host = self.store.data_mut();
        let trees = capability::trees(&mut host.states);
        let (output, stderr, logs) = host.record.take_parts();
        Report {
            outcome,
            output,
            stderr,
            logs,
            values,
            trees,
            usage,
        }
    }

    /// Gives the guest one slice; returns the fuel it used.
    fn run_slice(&mut self, most: u64) -> u64 {
        let required = match &self.progress {
            Progress::Suspended(call) => call.required_fuel(),
            Progress::Ready | Progress::Waiting(_) | Progress::Over(_) => 0,
        };
        let in_store = self.fuel_in_store();
        let Host { ledger, meter, .. } = self.store.data_mut();
        let left = ledger.left(in_store);
        if left < required {
            let limit = ledger.limit();
            self.stop(Stop::OutOfFuel { limit });
            return 0;
        }
        // A growth of a table begins anew, so it pays twice for entering its function.
        let replay = if meter.take_unpaid_table_growth() {
            TABLE_GROW_REPLAY_FUEL
        } else {
            0
        };
        ledger.refund(replay);
        let required = required.saturating_add(replay);
        let time_left = self.deadline.saturating_sub(self.time);
        let wanted = self
            .pace
            .slice(time_left, self.cancel.is_some(), required)
            .min(most)
            .max(required);
        let slice = self.store.data_mut().ledger.slice(in_store, wanted);
        self.store
            .set_fuel(slice)
            .expect("fuel is metered in every engine");
        self.slices = self.slices.saturating_add(1);
        self.advance();
        // Not while the guest runs: a subscriber that panics could not unwind through the interpreter.
        self.store.data_mut().record.emit_logs();
        left.saturating_sub(self.store.data().ledger.left(self.fuel_in_store()))
    }

    /// Runs the guest until its slice is used up, its phase ends, or it stops.
    fn advance(&mut self) {
        let progress = mem::replace(&mut self.progress, Progress::Ready);
        let Self {
            store,
            calls,
            results,
            ..
        } = self;
        let (function, params) = calls.of(self.phase);
        let results = if self.phase == Phase::Entry {
            &mut **results
        } else {
            &mut []
        };
        let outcome = guard(|| match progress {
            Progress::Suspended(call) => call.resume(store, results),
            Progress::Waiting(wait) => wait.resume(store, results),
            Progress::Ready | Progress::Over(_) => function.call_resumable(store, params, results),
        });
        match outcome {
            Ok(Ok(ResumableCall::Finished)) => self.next_phase(),
            Ok(Ok(ResumableCall::OutOfFuel(call))) => self.progress = Progress::Suspended(call),
            Ok(Ok(ResumableCall::HostTrap(trap))) => match classify::signal(trap.host_error()) {
                Some(Signal::Wait { time, answer }) => {
                    self.progress = Progress::Waiting(Wait::new(Some(trap), time, answer));
                }
                _ => self.stop_by(trap.into_host_error()),
            },
            Ok(Err(error)) => match classify::signal(&error) {
                Some(Signal::Wait { time, answer }) => {
                    self.progress = Progress::Waiting(Wait::new(None, time, answer));
                }
                _ => self.stop_by(error),
            },
            Err(message) => self.stop(Stop::Engine { message }),
        }
    }

    fn next_phase(&mut self) {
        match self.calls.after(self.phase) {
            Some(phase) => self.phase = phase,
            None => {
                let status = match self.results.first() {
                    Some(Val::I32(status)) if self.calls.result_is_status => *status,
                    _ => 0,
                };
                self.finish_with_status(status);
            }
        }
    }

    fn finish_with_status(&mut self, status: i32) {
        self.progress = Progress::Over(Outcome::Finished { status });
    }

    /// What ends the run between two slices.
    fn interruption(&self) -> Option<Stop> {
        if self.cancel.as_ref().is_some_and(CancelToken::is_cancelled) {
            Some(Stop::Cancelled)
        } else if self.time >= self.deadline {
            Some(Stop::Deadline {
                limit: self.deadline,
            })
        } else {
            None
        }
    }

    fn stop_by(&mut self, error: wasmi::Error) {
        if let Some(Signal::Exit(status)) = classify::signal(&error) {
            return self.finish_with_status(status);
        }
        let Host { meter, ledger, .. } = self.store.data();
        let stop = classify::stop(error, meter, ledger.limit());
        self.stop(stop);
    }

    fn stop(&mut self, stop: Stop) {
        self.progress = Progress::Over(Outcome::Stopped {
            stop,
            phase: self.phase,
        });
    }

    fn fuel_in_store(&self) -> u64 {
        self.store
            .get_fuel()
            .expect("fuel is metered in every engine")
    }
}

impl fmt::Debug for Execution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Execution")
            .field("phase", &self.phase)
            .field("is_over", &self.is_over())
            .field("usage", &self.usage())
            .finish_non_exhaustive()
    }
}

/// The span of one run; its outcome and fuel are filled in at the end.
fn span(fingerprint: u64, limits: &Limits) -> tracing::Span {
    tracing::info_span!(
        target: "fuelbox",
        "run",
        module = %format_args!("{fingerprint:016x}"),
        fuel_limit = limits.fuel,
        deadline = ?limits.deadline,
        memory_limit = limits.memory_bytes,
        outcome = tracing::field::Empty,
        fuel = tracing::field::Empty,
    )
}
