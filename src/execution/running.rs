//! The loop: one call, from slice to slice.

use super::{
    Step,
    call_values::Values,
    calls::Calls,
    pace::Pace,
    progress::Progress,
    slice::{fuel_in_store, set_fuel},
    waiting::Held,
};
use crate::{
    call::Call,
    capability,
    error::Error,
    host::{Host, Watch},
    instance::{Instance, Life},
    module::FUEL_SCHEDULE,
    report::{Outcome, Phase, Usage},
};
use core::{mem, time::Duration};
use tracing::Span;

/// One call in progress, apart from the instance that it runs in.
///
/// Whoever has one has the instance too and passes it along: an [`Execution`](super::Execution) owns it, a call
/// by reference has borrowed it.
pub(super) struct Running {
    pub(super) calls: Calls,
    pub(super) results: Values<1>,
    pub(super) phase: Phase,
    pub(super) progress: Progress,
    pub(super) pace: Pace,
    pub(super) slices: u64,
    /// Whether the guest waits for the clock, so that time between steps passes too.
    is_waiting: bool,
    pub(super) span: Span,
}

impl Running {
    /// Begins a call; no guest code runs yet. Without one, what every instance begins with is all there is.
    ///
    /// # Errors
    /// Where the instance has stopped or has nothing to call; input and arguments that cannot be passed.
    pub(super) fn begin(
        instance: &mut Instance,
        call: Option<Call>,
        span: &Span,
    ) -> Result<Self, Error> {
        instance.must_be_alive()?;
        let module = instance.module.clone();
        let target = match &call {
            Some(call) => {
                call.must_fit(&instance.limits)?;
                Some(call.target(&module)?)
            }
            None => None,
        };
        let input_len = call.as_ref().map_or(0, |call| call.input.len());
        let input_len = u32::try_from(input_len).unwrap_or(u32::MAX);
        let (calls, results) = Calls::find(instance, target, input_len)?;
        let call = call.unwrap_or_else(Call::entry);
        let limits = call.limits.as_ref().unwrap_or(&instance.limits);
        let host = instance.store.data_mut();
        host.begin_call(limits, call.input, call.extensions, call.cancel);
        capability::begin_call(&mut host.states);
        set_fuel(instance, 0);
        let mut running = Self {
            phase: calls.first().unwrap_or(Phase::Entry),
            calls,
            results,
            progress: Progress::Ready,
            pace: Pace::new(module.most_locals(), module.most_carried()),
            slices: 0,
            is_waiting: false,
            span: span.clone(),
        };
        instance.life = Life::Busy;
        if running.calls.first().is_none() {
            running.end(instance, Outcome::Finished { status: 0 }, Life::Ready);
        }
        Ok(running)
    }

    /// Runs the guest for about `fuel`.
    pub(super) fn step(&mut self, instance: &mut Instance, fuel: u64) -> Step {
        if self.is_over() {
            return Step::Done;
        }
        if fuel == 0 {
            return Step::Paused;
        }
        let span = self.span.clone();
        let _entered = span.enter();
        if !mem::take(&mut self.is_waiting) {
            watch(instance).start();
        }
        let mut left = fuel;
        while left > 0 {
            if let Some(stop) = watch(instance).stop() {
                self.stop(instance, stop);
                return Step::Done;
            }
            let before = watch(instance).time();
            match mem::replace(&mut self.progress, Progress::Ready) {
                Progress::Held(held) if !held.is_over() => self.hold(instance, held),
                progress => {
                    self.progress = progress;
                    let used = self.run_slice(instance, left);
                    left = left.saturating_sub(used);
                    watch(instance).look(Duration::ZERO);
                    let passed = watch(instance).time().saturating_sub(before);
                    self.pace.learn(used, passed);
                }
            }
            if self.is_over() {
                return Step::Done;
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

    pub(super) fn is_over(&self) -> bool {
        matches!(self.progress, Progress::Over(_))
    }

    /// What the call has used so far.
    pub(super) fn usage(&self, instance: &Instance) -> Usage {
        let Host {
            meter,
            ledger,
            record,
            watch,
            states,
            ..
        } = instance.store.data();
        Usage {
            fuel: ledger.used(fuel_in_store(instance)),
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

    /// Gives a host call that is held one piece of time or work.
    fn hold(&mut self, instance: &mut Instance, mut held: Held) {
        let outcome = held.go_on(&mut instance.store);
        instance.store.data_mut().record.emit_logs();
        match outcome {
            Ok(()) => self.progress = Progress::Held(held),
            Err(halt) => self.stop(instance, halt.into_stop()),
        }
    }
}

fn watch(instance: &mut Instance) -> &mut Watch {
    &mut instance.store.data_mut().watch
}
