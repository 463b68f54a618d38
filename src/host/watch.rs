//! The watch over the time of a call: its clock, its deadline and its cancel token.
//!
//! The execution looks at them between two slices, and host calls that take long look too: what they take is
//! known only afterwards, and no fuel bounds it. Times are whole nanoseconds in one word, since every slice and
//! every call of a host function computes with them.

use super::CancelToken;
use crate::{
    clock::{self, Clock},
    limits::CallLimits,
    stop::Stop,
};
use core::time::Duration;

/// The longest running time that is told, 584 years. A deadline beyond it is never reached, however a clock jumps.
const MOST_NANOS: u64 = u64::MAX - 1;

/// The running time of one call, and what it may take.
pub(crate) struct Watch {
    clock: Clock,
    cancel: Option<CancelToken>,
    /// The deadline as the host gave it.
    limit: Duration,
    deadline_nanos: u64,
    time_nanos: u64,
    /// What the clock showed when it was read last.
    seen_nanos: u64,
    /// The running time at which the slice in progress shall end.
    slice_end_nanos: u64,
    /// What waiting for answers may take, as the host gave it.
    wait_limit: Duration,
    /// Whether it is running time too.
    wait_counts: bool,
    waited_nanos: u64,
}

impl Watch {
    /// One that has no time to give, until a call begins.
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            cancel: None,
            limit: Duration::ZERO,
            deadline_nanos: 0,
            time_nanos: 0,
            seen_nanos: 0,
            slice_end_nanos: 0,
            wait_limit: Duration::ZERO,
            wait_counts: false,
            waited_nanos: 0,
        }
    }

    /// Begins a call.
    pub(super) fn begin_call(&mut self, limits: &CallLimits, cancel: Option<CancelToken>) {
        self.cancel = cancel;
        self.limit = limits.deadline;
        self.deadline_nanos = clock::nanos(limits.deadline);
        self.wait_limit = limits.wait;
        self.wait_counts = limits.wait_counts;
        self.waited_nanos = 0;
        self.time_nanos = 0;
        self.seen_nanos = 0;
        self.slice_end_nanos = 0;
    }

    /// Starts to count time: what passed since the last look does not count.
    pub(crate) fn start(&mut self) {
        self.seen_nanos = clock::nanos(self.clock.now());
    }

    /// Reads the clock and counts the time that has passed since the last look, which it returns.
    #[inline]
    pub(crate) fn look(&mut self) -> u64 {
        let now = clock::nanos(self.clock.now());
        let passed = now.saturating_sub(self.seen_nanos);
        self.pass(now, passed);
        passed
    }

    /// Reads the clock and counts the time since the last look as waited for an answer.
    pub(crate) fn look_for_answer(&mut self) {
        let now = clock::nanos(self.clock.now());
        self.pass_waiting(now, now.saturating_sub(self.seen_nanos));
    }

    /// Sleeps for a short while, `most` at the most, and looks; returns the time that passed.
    pub(crate) fn wait(&mut self, most: Duration) -> Duration {
        let left = Duration::from_nanos(self.nanos_left());
        let (now, passed) = self.nap(most.min(left));
        self.pass(now, passed);
        Duration::from_nanos(passed)
    }

    /// Sleeps for a short while, which counts as waited for an answer.
    pub(crate) fn wait_for_answer(&mut self) {
        let (now, passed) = self.nap(self.wait_left());
        self.pass_waiting(now, passed);
    }

    /// Sleeps for a short while; returns what the clock shows then and the time that passed.
    fn nap(&self, most: Duration) -> (u64, u64) {
        /// The longest the thread sleeps at once: how late a cancel or a deadline may be noticed.
        const PIECE: Duration = Duration::from_millis(1);

        let piece = PIECE.min(most);
        clock::sleep(piece);
        let now = clock::nanos(self.clock.now());
        let passed = now.saturating_sub(self.seen_nanos);
        // So a clock that stands still delays nothing.
        (now, passed.max(clock::nanos(piece)))
    }

    /// Says that a slice begins now, and that it shall take `nanos` at the most.
    pub(crate) fn begin_slice(&mut self, nanos: u64) {
        self.slice_end_nanos = self.time_nanos.saturating_add(nanos);
    }

    /// Whether the slice in progress has taken its time, as of the last look.
    #[inline]
    pub(super) fn slice_is_over(&self) -> bool {
        self.time_nanos >= self.slice_end_nanos
    }

    pub(crate) fn cancel_token(&mut self) -> CancelToken {
        self.cancel.get_or_insert_default().clone()
    }

    /// What cancels the run, if anybody may.
    #[cfg(feature = "std")]
    pub(crate) fn token(&self) -> Option<&CancelToken> {
        self.cancel.as_ref()
    }

    /// Whether somebody may cancel the run.
    pub(crate) fn can_be_cancelled(&self) -> bool {
        self.cancel.is_some()
    }

    #[inline]
    pub(super) fn is_cancelled(&self) -> bool {
        self.cancel.as_ref().is_some_and(CancelToken::is_cancelled)
    }

    /// The time until the deadline. Reads the clock, and counts nothing.
    pub(super) fn time_left(&self) -> Duration {
        let passed = clock::nanos(self.clock.now()).saturating_sub(self.seen_nanos);
        Duration::from_nanos(self.nanos_left().saturating_sub(passed))
    }

    /// What ends the run, as of the last look.
    #[inline]
    pub(crate) fn stop(&self) -> Option<Stop> {
        if self.is_cancelled() {
            Some(Stop::Cancelled)
        } else if self.time_nanos >= self.deadline_nanos {
            Some(Stop::Deadline { limit: self.limit })
        } else {
            None
        }
    }

    /// What ends a run that waits for an answer, as of the last look.
    pub(crate) fn stop_waiting(&self) -> Option<Stop> {
        self.stop().or_else(|| {
            let limit = self.wait_limit;
            let is_over = self.waited_nanos >= clock::nanos(limit);
            is_over.then_some(Stop::Wait { limit })
        })
    }

    /// How long the run may still wait for answers, as of the last look.
    pub(crate) fn wait_left(&self) -> Duration {
        let limit = clock::nanos(self.wait_limit);
        let mut left = limit.saturating_sub(self.waited_nanos);
        if self.wait_counts {
            left = left.min(self.nanos_left());
        }
        Duration::from_nanos(left)
    }

    /// The time waited for answers so far, as of the last look.
    pub(crate) fn waited(&self) -> Duration {
        Duration::from_nanos(self.waited_nanos)
    }

    /// The clock that holds the deadline.
    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// What the clock showed at the last look.
    pub(crate) fn seen(&self) -> Duration {
        Duration::from_nanos(self.seen_nanos)
    }

    /// The running time so far, as of the last look.
    pub(crate) fn time(&self) -> Duration {
        Duration::from_nanos(self.time_nanos)
    }

    pub(crate) fn time_nanos(&self) -> u64 {
        self.time_nanos
    }

    pub(crate) fn nanos_left(&self) -> u64 {
        self.deadline_nanos.saturating_sub(self.time_nanos)
    }

    pub(crate) fn overrun(&self) -> Duration {
        Duration::from_nanos(self.time_nanos.saturating_sub(self.deadline_nanos))
    }

    fn pass_waiting(&mut self, now_nanos: u64, passed_nanos: u64) {
        let waited = self.waited_nanos.saturating_add(passed_nanos);
        self.waited_nanos = waited.min(MOST_NANOS);
        if self.wait_counts {
            self.pass(now_nanos, passed_nanos);
        } else {
            self.seen_nanos = now_nanos;
        }
    }

    #[inline]
    fn pass(&mut self, now_nanos: u64, passed_nanos: u64) {
        let time = self.time_nanos.saturating_add(passed_nanos);
        self.time_nanos = time.min(MOST_NANOS);
        self.seen_nanos = now_nanos;
    }
}
