//! Ending a run from elsewhere.

use alloc::sync::Arc;
use core::sync::atomic::{AtomicBool, Ordering};

/// Cancels calls, from any thread.
///
/// Given to a call by [`Call::cancel`](crate::Call::cancel), to as many as shall be cancelled together, or taken
/// from an [`Execution`](crate::Execution).
///
/// ```
/// use fuelbox::{Call, CancelToken, Limits, Module, Sandbox, Stop};
///
/// # let wasm = wat::parse_bytes(br#"(module (func (export "_start") (loop (br 0))))"#)?;
/// let token = CancelToken::new();
/// let from_elsewhere = token.clone();
/// std::thread::spawn(move || from_elsewhere.cancel());
///
/// let call = Call::entry().cancel(token.clone());
/// let report = Sandbox::new(Limits::default()).run(&Module::new(&wasm)?, call)?;
/// assert_eq!(report.stop(), Some(&Stop::Cancelled));
/// assert!(token.is_cancelled());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// A token that nothing was cancelled by.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

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
