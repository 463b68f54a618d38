//! A guest that waits for the machine's clock, or for a look at it.

use core::time::Duration;
use wasmi::{ResumableCallHostTrap, Val};

/// The longest the thread sleeps at once: how late a cancel or a deadline may be noticed.
const PIECE: Duration = Duration::from_millis(1);

/// A host call that returns once time has passed.
pub(super) struct Wait {
    call: ResumableCallHostTrap,
    left: Duration,
    /// What it returns.
    answer: i32,
}

impl Wait {
    pub(super) fn new(call: ResumableCallHostTrap, time: Duration, answer: i32) -> Self {
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
    ) -> Result<wasmi::ResumableCall, wasmi::Error> {
        self.call.resume(store, &[Val::I32(self.answer)], results)
    }
}
