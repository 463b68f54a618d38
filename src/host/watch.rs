//! What ends a call in time: its clock, its deadline and its cancel token.
//!
//! The execution looks at them between two slices, and host calls that take long look too: what they take is
//! known only afterwards, and no fuel bounds it.

use super::CancelToken;
use crate::{clock::Clock, stop::Stop};
use core::time::Duration;

/// The running time of one call, and what it may take.
pub(crate) struct Watch {
    clock: Clock,
    cancel: Option<CancelToken>,
    deadline: Duration,
    time: Duration,
    /// What the clock showed when it was read last.
    seen: Duration,
    /// The running time at which the slice in progress shall end.
    slice_end: Duration,
}

impl Watch {
    pub(crate) fn new(clock: Clock, deadline: Duration, cancel: Option<CancelToken>) -> Self {
        Self {
            clock,
            cancel,
            deadline,
            time: Duration::ZERO,
            seen: Duration::ZERO,
            slice_end: Duration::ZERO,
        }
    }

    /// Starts to count time: what passed since the last look does not count.
    pub(crate) fn start(&mut self) {
        self.seen = self.clock.now();
    }

    /// Reads the clock. Returns the time that passed since the last look, which is `least` at least.
    pub(crate) fn look(&mut self, least: Duration) -> Duration {
        let now = self.clock.now();
        let passed = now.saturating_sub(self.seen).max(least);
        self.time = self.time.saturating_add(passed);
        self.seen = now;
        passed
    }

    /// Sleeps for a short while, `most` at the most, and looks; returns the time that passed.
    pub(crate) fn wait(&mut self, most: Duration) -> Duration {
        /// The longest the thread sleeps at once: how late a cancel or a deadline may be noticed.
        const PIECE: Duration = Duration::from_millis(1);

        let piece = PIECE.min(most).min(self.time_left());
        crate::clock::sleep(piece);
        // So a clock that stands still delays nothing.
        self.look(piece)
    }

    /// Says that a slice begins now, and that it shall take `time` at the most.
    pub(crate) fn begin_slice(&mut self, time: Duration) {
        self.slice_end = self.time.saturating_add(time);
    }

    /// Whether the slice in progress has taken its time, as of the last look.
    pub(super) fn slice_is_over(&self) -> bool {
        self.time >= self.slice_end
    }

    pub(crate) fn cancel_token(&mut self) -> CancelToken {
        self.cancel.get_or_insert_default().clone()
    }

    /// Whether somebody may cancel the run.
    pub(crate) fn can_be_cancelled(&self) -> bool {
        self.cancel.is_some()
    }

    /// What ends the run, as of the last look.
    pub(crate) fn stop(&self) -> Option<Stop> {
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

    /// The running time so far, as of the last look.
    pub(crate) fn time(&self) -> Duration {
        self.time
    }

    pub(crate) fn time_left(&self) -> Duration {
        self.deadline.saturating_sub(self.time)
    }

    pub(crate) fn overrun(&self) -> Duration {
        self.time.saturating_sub(self.deadline)
    }
}
