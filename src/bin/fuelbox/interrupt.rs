//! Ctrl-C, SIGTERM and SIGHUP: the first cancels the run, the second leaves at once.

use crate::{exit, failure::Failure, show::live};
use fuelbox::CancelToken;
use std::{
    mem, process,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// What these signals do while this value lives; afterwards they end the program.
pub(crate) struct Interrupt(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// Whether a signal came, or none is expected any more.
    is_over: bool,
    current: Option<CancelToken>,
}

impl Interrupt {
    /// Listens from now on.
    ///
    /// # Errors
    /// [`Failure::Interrupt`].
    pub(crate) fn listen() -> Result<Self, Failure> {
        let state = Arc::new(Mutex::new(State::default()));
        let seen = state.clone();
        ctrlc::set_handler(move || {
            let mut state = lock(&seen);
            if mem::replace(&mut state.is_over, true) {
                live::wipe();
                process::exit(exit::CANCELLED.into());
            }
            if let Some(token) = state.current.take() {
                token.cancel();
            }
        })?;
        Ok(Self(state))
    }

    /// Lets a signal cancel this run, instead of the one before.
    pub(crate) fn cancels(&self, token: CancelToken) {
        let mut state = lock(&self.0);
        if state.is_over {
            token.cancel();
        }
        state.current = Some(token);
    }
}

impl Drop for Interrupt {
    fn drop(&mut self) {
        lock(&self.0).is_over = true;
    }
}

/// Nothing under the lock panics halfway.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
