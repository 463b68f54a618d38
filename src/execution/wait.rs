//! A guest that waits for the machine's clock, or for a look at it.

use core::time::Duration;
use wasmi::{ResumableCall, ResumableCallHostTrap, Val};

/// The longest the thread sleeps at once: how late a cancel or a deadline may be noticed.
const PIECE: Duration = Duration::from_millis(1);

/// A host call that returns once time has passed.
pub(super) struct Wait {
    /// Absent where the call is all there is of the phase: an import that is exported, and was called by
    /// name. The interpreter has nothing to resume then.
    call: Option<ResumableCallHostTrap>,
    left: Duration,
    /// What it returns.
    answer: i32,
}

impl Wait {
    pub(super) fn new(call: Option<ResumableCallHostTrap>, time: Duration, answer: i32) -> Self {
        Self {
            call,
            left: time,
            answer,
        }
    }

    /// Sleeps a piece of what is left; the guest has no more than `time_left`.
    ///
    /// Returns how long it slept at least, so that a clock that stands still delays nothing.
    pub(super) fn sleep(&self, time_left: Duration) -> Duration {
        let piece = PIECE.min(self.left).min(time_left);
        crate::clock::sleep(piece);
        piece
    }

    /// Notes that time has passed.
    pub(super) fn pass(&mut self, time: Duration) {
        self.left = self.left.saturating_sub(time);
    }

    pub(super) fn is_over(&self) -> bool {
        self.left.is_zero()
    }

    /// Lets the host call return.
    pub(super) fn resume<T>(
        self,
        store: &mut wasmi::Store<T>,
        results: &mut [Val],
    ) -> Result<ResumableCall, wasmi::Error> {
        let answer = Val::I32(self.answer);
        let Some(call) = self.call else {
            if let Some(result) = results.first_mut() {
                *result = answer;
            }
            return Ok(ResumableCall::Finished);
        };
        call.resume(store, &[answer], results)
    }
}
