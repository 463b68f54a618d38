//! The loop that runs one call, from slice to slice.

use super::{
    Step,
    call_values::Values,
    calls::{Calls, FEW_RESULTS},
    pace::Pace,
    progress::Progress,
    slice::{Slice, fuel_in_store, fuel_left, set_fuel},
    tape,
    waiting::Held,
};
use crate::{
    call::{Setting, Target},
    capability,
    error::Error,
    host::{Host, Watch},
    instance::{Guest, Life},
    module::FUEL_SCHEDULE,
    report::{Outcome, Phase, Usage},
};
use alloc::boxed::Box;
use core::{mem, time::Duration};
use tracing::Span;

/// One call in progress, apart from the instance that it runs in.
///
/// Whoever has one has the instance too and passes it along: an [`Execution`](super::Execution) owns it, a call
/// by reference has borrowed it.
pub(super) struct Running {
    pub(super) calls: Calls,
    pub(super) results: Values<FEW_RESULTS>,
    pub(super) phase: Phase,
    pub(super) progress: Progress,
    pub(super) pace: Pace,
    pub(super) slices: u64,
    /// Whether the guest waits, so that time between steps passes too.
    pub(super) is_waiting: bool,
    /// Whether somebody is told how long it took even where it returns.
    pub(super) tells_time: bool,
    pub(super) span: Span,
}

impl Running {
    /// A call that has not begun.
    ///
    /// Apart from [`begin`](Self::begin), so that it is made where it stays: moving it would be a tenth of a short
    /// call.
    #[inline(always)]
    pub(super) fn idle() -> Self {
        Self {
            calls: Calls::none(),
            results: Values::none(),
            phase: Phase::Entry,
            progress: Progress::Ready,
            pace: Pace::new(0, 0),
            slices: 0,
            is_waiting: false,
            tells_time: true,
            span: Span::none(),
        }
    }

    /// Begins a call of `target`; no guest code runs yet.
    ///
    /// # Errors
    /// Arguments that cannot be passed. In a box, since short calls notice how large a result is.
    pub(super) fn begin(
        &mut self,
        guest: &mut Guest,
        target: &Target<'_>,
        setting: &mut Setting,
    ) -> Result<(), Box<Error>> {
        let input_len = u32::try_from(setting.input.len()).unwrap_or(u32::MAX);
        self.calls
            .find(&mut self.results, guest, target, input_len)?;
        let Guest {
            store,
            module,
            limits,
            ..
        } = guest;
        let host = store.data_mut();
        let limits = setting.limits.as_ref().unwrap_or(limits);
        if let Some(recorder) = host.recorder() {
            tape::begin_call(recorder, target, setting, limits);
        }
        let (input, extensions) = (
            mem::take(&mut setting.input),
            mem::take(&mut setting.extensions),
        );
        host.begin_call(limits, input, extensions, setting.cancel.take());
        capability::begin_call(&mut host.states);
        self.pace = Pace::new(module.most_locals(), module.most_carried());
        set_fuel(guest, 0);
        guest.life = Life::Busy;
        match self.calls.first() {
            Some(phase) => self.phase = phase,
            None => self.end(guest, Outcome::Finished { status: 0 }, Life::Ready),
        }
        Ok(())
    }

    /// Runs the guest for a slice. Never sleeps.
    pub(super) fn step(&mut self, guest: &mut Guest, mut slice: Slice) -> Step {
        if self.is_over() {
            return Step::Done;
        }
        if slice.is_over() {
            return self.pause();
        }
        let span = self.span.clone();
        let _entered = span.enter();
        if !mem::take(&mut self.is_waiting) {
            watch(guest).start();
        }
        while !slice.is_over() {
            if let Some(stop) = watch(guest).stop() {
                self.stop(guest, stop);
                return Step::Done;
            }
            let before = watch(guest).time_nanos();
            let is_held = self.held().is_some();
            let used = if is_held {
                self.hold(guest)
            } else {
                let used = self.run_slice(guest, slice);
                if self.tells_time || !self.is_over() || !has_returned(guest) {
                    watch(guest).look();
                }
                used
            };
            if self.is_over() {
                return Step::Done;
            }
            let passed = watch(guest).time_nanos().saturating_sub(before);
            if !is_held {
                self.pace.learn(used, passed);
            }
            slice.take(used, passed);
            if let Some(held) = self.held()
                && (held.wait().is_some() || !slice.is_timed())
            {
                return self.pause();
            }
        }
        self.pause()
    }

    /// How the call stands when a step of it ends before it does.
    fn pause(&mut self) -> Step {
        let wait = self.held().and_then(Held::wait);
        self.is_waiting = wait.is_some();
        wait.map_or(Step::Paused, Step::Waiting)
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self.progress, Progress::Over(_))
    }

    /// How the call ended, once it is over.
    pub(super) fn outcome(&self) -> Option<&Outcome> {
        match &self.progress {
            Progress::Over(outcome) => Some(outcome),
            _ => None,
        }
    }

    /// What the call has used so far.
    pub(super) fn usage(&self, guest: &Guest) -> Usage {
        let Host {
            meter,
            ledger,
            record,
            watch,
            states,
            ..
        } = guest.store.data();
        Usage {
            fuel: ledger.used(fuel_in_store(guest)),
            fuel_schedule: FUEL_SCHEDULE,
            peak_memory_bytes: meter.peak_memory_bytes(),
            memory_growths_denied: meter.memory_growths_denied(),
            peak_table_elements: meter.table_elements(),
            table_growths_denied: meter.table_growths_denied(),
            host_calls: ledger.host_calls(),
            log_lines_lost: record.log_lines_lost(),
            stderr_bytes_lost: record.stderr_bytes_lost(),
            names_left_out: capability::names_left_out(states),
            time: watch.time(),
            overrun: watch.overrun(),
            waited: watch.waited(),
            slices: self.slices,
        }
    }

    /// Sleeps for a short while, if the guest waits.
    pub(super) fn sleep(&mut self, guest: &mut Guest, longest: Duration) {
        if let Progress::Held(held) = &mut self.progress {
            held.sleep(&mut guest.store, longest);
        }
    }

    /// How long the guest waits at the most, where that is known.
    pub(super) fn wait_left(&self, guest: &Guest) -> Option<Duration> {
        self.held()?.time_left(&guest.store.data().watch)
    }

    /// When the guest goes on or ends though nothing else happens, by the sandbox's clock, where that is known.
    pub(super) fn wake_at(&self, guest: &Guest) -> Option<Duration> {
        let left = self.wait_left(guest)?;
        Some(guest.store.data().watch.seen().saturating_add(left))
    }

    /// The host call that has to go on before the guest can.
    pub(super) fn held(&self) -> Option<&Held> {
        match &self.progress {
            Progress::Held(held) if !held.is_over() => Some(held),
            _ => None,
        }
    }

    /// Gives a host call that has not returned one piece of time or work; returns the fuel it took.
    fn hold(&mut self, guest: &mut Guest) -> u64 {
        let left = fuel_left(guest);
        let Progress::Held(held) = &mut self.progress else {
            return 0;
        };
        let outcome = held.go_on(&mut guest.store);
        guest.store.data_mut().record.emit_logs();
        if let Err(halt) = outcome {
            self.stop(guest, halt.into_stop());
        }
        left.saturating_sub(fuel_left(guest))
    }
}

/// Whether what was called came to its end, which a guest that exits does not.
pub(super) fn has_returned(guest: &Guest) -> bool {
    guest.must_be_alive().is_ok()
}

pub(super) fn watch(guest: &mut Guest) -> &mut Watch {
    &mut guest.store.data_mut().watch
}
