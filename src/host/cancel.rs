//! Ending a run from elsewhere.

use alloc::sync::Arc;
use core::sync::atomic::{AtomicBool, Ordering};

/// Cancels one run, from any thread.
///
/// Belongs to the [`Execution`](crate::Execution) it was taken from, and to no other.
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// Stops the run at the end of its slice, as [`Stop::Cancelled`](crate::Stop::Cancelled).
    ///
    /// A run that has a token gets slices that take at most a millisecond. What cannot be interrupted is
    /// waited for: a fill of 64 MiB, or the call of a host function that is in progress.
    ///
    /// A run that has not begun then runs nothing; one that is over stays as it was. A second call
    /// does nothing more.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether [`cancel`](Self::cancel) was called.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
