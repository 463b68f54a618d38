//! The cancel token: it ends a run from elsewhere.

use alloc::sync::Arc;
use core::sync::atomic::{AtomicBool, Ordering};

/// Cancels calls, from any thread.
///
/// Given to one call or several by [`Call::cancel`](crate::Call::cancel), or taken
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
pub struct CancelToken(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    is_cancelled: AtomicBool,
    #[cfg(feature = "std")]
    wakers: wakers::Wakers,
}

impl CancelToken {
    /// A token that has not been used.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Stops the run at the end of its slice, as [`Stop::Cancelled`](crate::Stop::Cancelled). One that is awaited and
    /// waits is woken for it.
    ///
    /// A run that has a token gets slices that take at most a millisecond; one that is awaited, 40 us. What cannot be
    /// interrupted is waited for: a fill of 64 MiB, or the call of a host function that is in progress.
    ///
    /// A run that has not begun then runs nothing; one that is over does not change. A second call
    /// does nothing more.
    pub fn cancel(&self) {
        self.0.is_cancelled.store(true, Ordering::Relaxed);
        #[cfg(feature = "std")]
        self.0.wakers.wake();
    }

    /// Whether [`cancel`](Self::cancel) was called.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled.load(Ordering::Relaxed)
    }
}

#[cfg(feature = "std")]
pub(crate) use wakers::Listener;

/// Who is woken by a cancel.
#[cfg(feature = "std")]
mod wakers {
    use super::CancelToken;
    use alloc::collections::BTreeMap;
    use core::{mem, task::Waker};
    use std::sync::{Mutex, MutexGuard, PoisonError};

    /// The wakers of runs that wait, by number, and the number of the next.
    #[derive(Debug, Default)]
    pub(super) struct Wakers(Mutex<(BTreeMap<u64, Waker>, u64)>);

    impl Wakers {
        fn open(&self) -> MutexGuard<'_, (BTreeMap<u64, Waker>, u64)> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner)
        }

        pub(super) fn wake(&self) {
            // They may do anything, so not while others are kept out.
            let wakers = mem::take(&mut self.open().0);
            wakers.into_values().for_each(Waker::wake);
        }
    }

    /// A run that is woken when it is cancelled, until this is dropped.
    #[derive(Debug)]
    pub(crate) struct Listener {
        token: CancelToken,
        number: u64,
    }

    impl CancelToken {
        /// A run that will be woken, once a waker is set.
        pub(crate) fn listen(&self) -> Listener {
            let (_, next) = &mut *self.0.wakers.open();
            let number = *next;
            *next = next.wrapping_add(1);
            Listener {
                token: self.clone(),
                number,
            }
        }
    }

    impl Listener {
        /// Sets the waker; it is woken at once if the token was cancelled before.
        pub(crate) fn set(&self, waker: &Waker) {
            let new = waker.clone();
            let old = self.token.0.wakers.open().0.insert(self.number, new);
            // To drop one may do anything too.
            drop(old);
            // A cancel from now on finds the waker: it looks for them after it has said so.
            if self.token.is_cancelled() {
                waker.wake_by_ref();
            }
        }
    }

    impl Drop for Listener {
        fn drop(&mut self) {
            let waker = self.token.0.wakers.open().0.remove(&self.number);
            drop(waker);
        }
    }
}
