//! The finish of a call: from its end to its report.

use super::{
    Step, Wait,
    progress::Progress,
    running::{Running, has_returned},
    slice::{Slice, fuel_in_store},
    span,
};
use crate::{
    capability,
    host::values,
    instance::Guest,
    report::{Outcome, Report},
    value::Value,
};
use alloc::{boxed::Box, vec::Vec};
use core::{mem, time::Duration};
use tracing::Span;
use wasmi::Val;

/// Whether an instance is needed after a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    /// It is called again: what it has open stays open, and its files are copied into the report.
    Kept,
    /// It is dropped.
    Dropped,
}

impl Running {
    /// Runs the guest to its end, for what it returns alone: there is no report of a call that finishes.
    ///
    /// # Errors
    /// The report of one that does not.
    pub(super) fn results(&mut self, guest: &mut Guest) -> Result<&[Val], Box<Report>> {
        self.tells_time = !self.span.is_disabled();
        self.run_out(guest);
        if !has_returned(guest) {
            return Err(Box::new(self.complete(guest, After::Kept)));
        }
        if !self.span.is_disabled() {
            span::close(&self.span, self.outcome(), &self.usage(guest));
        }
        self.end_tape(guest);
        let in_store = fuel_in_store(guest);
        let host = guest.store.data_mut();
        host.ledger.end_call(in_store);
        drop(host.record.take_parts());
        Ok(&self.results)
    }

    fn run_out(&mut self, guest: &mut Guest) {
        loop {
            match self.step(guest, Slice::ALL) {
                Step::Paused => {}
                Step::Waiting(Wait::Host) => return self.leave_unanswered(guest),
                Step::Waiting(Wait::Time | Wait::Input) => self.sleep(guest, Duration::MAX),
                Step::Done => return,
            }
        }
    }

    /// Runs the guest to its end and makes the report; what is left is good for nothing more.
    pub(super) fn complete(&mut self, guest: &mut Guest, after: After) -> Report {
        self.run_out(guest);
        let usage = self.usage(guest);
        self.end_tape(guest);
        let nothing_left = Progress::Over(Outcome::Finished { status: 0 });
        let Progress::Over(outcome) = mem::replace(&mut self.progress, nothing_left) else {
            unreachable!("the loop above ends when the call is over");
        };
        let span = mem::replace(&mut self.span, Span::none());
        span::close(&span, Some(&outcome), &usage);
        let values = self.values(guest);
        let is_last = after == After::Dropped || !has_returned(guest);
        let in_store = fuel_in_store(guest);
        let host = guest.store.data_mut();
        host.ledger.end_call(in_store);
        let (mounts, trees) = if is_last {
            capability::close_files(&mut host.states);
            capability::take_trees(&mut host.states)
        } else {
            capability::trees(&host.states)
        };
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

    /// What the export that was called has returned, if it has.
    pub(super) fn values(&self, guest: &Guest) -> Vec<Value> {
        if has_returned(guest) && !self.calls.result_is_status {
            self.results.iter().map(values::from_wasmi).collect()
        } else {
            Vec::new()
        }
    }
}
