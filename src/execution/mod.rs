//! One run, and what stops it.

mod call_values;
mod classify;
mod dispatch;
mod future;
mod held;
mod instance;
mod pace;
mod span;

#[cfg(feature = "selftest")]
pub(crate) use dispatch::check as check_dispatch;
pub use future::Run;
pub(crate) use instance::{Setup, Target, passable};

use crate::{
    capability,
    guard::guard,
    host::{CancelToken, Extensions, Host, Signal, Watch, values},
    module::{FUEL_SCHEDULE, TABLE_GROW_REPLAY_FUEL},
    report::{Outcome, Phase, Report, Usage},
    stop::Stop,
};
use alloc::vec::Vec;
use call_values::Values;
use core::{fmt, mem, time::Duration};
use held::{Held, Hold};
use instance::Calls;
use pace::{Pace, Slice};
use tracing::Span;
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
    pace: Pace,
    slices: u64,
    /// Whether the guest waits for the clock, so that time between steps passes too.
    is_waiting: bool,
    span: Span,
}

/// Where the call of the phase stands.
enum Progress {
    Ready,
    Suspended(ResumableCallOutOfFuel),
    Held(Held),
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
    /// A little more where the guest is in the middle of something that cannot be interrupted; less where
    /// it ends or is stopped, waits, or has called a function of the sandbox that takes long. With zero
    /// nothing runs. Once the run is over, every step is [`Step::Done`].
    pub fn step(&mut self, fuel: u64) -> Step {
        if self.is_over() {
            return Step::Done;
        }
        if fuel == 0 {
            return Step::Paused;
        }
        let span = self.span.clone();
        let _entered = span.enter();
        if !mem::take(&mut self.is_waiting) {
            self.watch().start();
        }
        let mut left = fuel;
        while left > 0 {
            if let Some(stop) = self.watch().stop() {
                self.stop(stop);
                return self.done();
            }
            let before = self.watch().time();
            match mem::replace(&mut self.progress, Progress::Ready) {
                Progress::Held(held) if !held.is_over() => self.hold(held),
                progress => {
                    self.progress = progress;
                    let used = self.run_slice(left);
                    left = left.saturating_sub(used);
                    self.watch().look(Duration::ZERO);
                    let passed = self.watch().time().saturating_sub(before);
                    self.pace.learn(used, passed);
                }
            }
            if self.is_over() {
                return self.done();
            }
            if let Progress::Held(held) = &self.progress
                && !held.is_over()
            {
                self.is_waiting = held.waits();
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
        self.watch().cancel_token()
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
            watch,
            states,
            ..
        } = self.store.data();
        Usage {
            fuel: ledger.used(self.fuel_in_store()),
            fuel_schedule: FUEL_SCHEDULE,
            peak_memory_bytes: meter.peak_memory_bytes(),
            memory_denied: meter.memory_denied(),
            peak_table_elements: meter.table_elements(),
            table_denied: meter.table_denied(),
            host_calls: ledger.host_calls(),
            log_lost: record.log_lost(),
            stderr_lost: record.stderr_lost(),
            names_left_out: capability::names_left_out(states),
            time: watch.time(),
            overrun: watch.overrun(),
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
        span::close(
            &mem::replace(&mut self.span, Span::none()),
            Some(&outcome),
            &usage,
        );
        let is_of_export = !self.calls.result_is_status;
        let values = match outcome {
            Outcome::Finished { .. } if is_of_export => {
                self.results.iter().map(values::from_wasmi).collect()
            }
            _ => Vec::new(),
        };
        let host = self.store.data_mut();
        let (mounts, trees) = capability::trees(&mut host.states);
        let (output, stderr, logs) = host.record.take_parts();
        Report {
            outcome,
            output,
            stderr,
            logs,
            values,
            trees,
            mounts,
            usage,
        }
    }

    /// Lets go of what the host's system keeps open for the run.
    fn done(&mut self) -> Step {
        capability::close_files(&mut self.store.data_mut().states);
        Step::Done
    }

    /// Gives a host call that is held one piece of time or work.
    fn hold(&mut self, mut held: Held) {
        let outcome = held.go_on(&mut self.store);
        self.store.data_mut().record.emit_logs();
        match outcome {
            Ok(()) => self.progress = Progress::Held(held),
            Err(halt) => self.stop(halt.into_stop()),
        }
    }

    /// Gives the guest one slice; returns the fuel it used.
    fn run_slice(&mut self, most: u64) -> u64 {
        let required = match &self.progress {
            Progress::Suspended(call) => call.required_fuel(),
            Progress::Ready | Progress::Held(_) | Progress::Over(_) => 0,
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
        let watch = &mut self.store.data_mut().watch;
        let Slice { fuel, time } = self.pace.slice(watch.time_left(), watch.can_be_cancelled());
        watch.begin_slice(time);
        // What the guest needs to get on at all comes first, or it would come back here for ever.
        let wanted = fuel.min(most).max(required);
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
            Progress::Held(held) => held.resume(store, results),
            Progress::Ready | Progress::Over(_) => function.call_resumable(store, params, results),
        });
        match outcome {
            Ok(Ok(ResumableCall::Finished)) => self.next_phase(),
            Ok(Ok(ResumableCall::OutOfFuel(call))) => self.progress = Progress::Suspended(call),
            Ok(Ok(ResumableCall::HostTrap(trap))) => match self.hold_for(trap.host_error()) {
                Some(hold) => self.progress = Progress::Held(Held::new(Some(trap), hold)),
                None => self.stop_by(trap.into_host_error()),
            },
            Ok(Err(error)) => match self.hold_for(&error) {
                Some(hold) => self.progress = Progress::Held(Held::new(None, hold)),
                None => self.stop_by(error),
            },
            Err(message) => self.stop(Stop::Engine { message }),
        }
    }

    /// What a host call waits for that broke off with `error`; `None` where it has failed.
    fn hold_for(&mut self, error: &wasmi::Error) -> Option<Hold> {
        match classify::signal(error)? {
            Signal::Exit(_) => None,
            Signal::Wait { time, answer } => Some(Hold::time(time, answer)),
            Signal::Work => self.store.data_mut().work.take().map(Hold::work),
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

    fn watch(&mut self) -> &mut Watch {
        &mut self.store.data_mut().watch
    }

    fn fuel_in_store(&self) -> u64 {
        self.store
            .get_fuel()
            .expect("fuel is metered in every engine")
    }
}

impl Drop for Execution {
    fn drop(&mut self) {
        if self.span.is_disabled() {
            return;
        }
        let outcome = match &self.progress {
            Progress::Over(outcome) => Some(outcome),
            _ => None,
        };
        span::close(&self.span, outcome, &self.usage());
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
