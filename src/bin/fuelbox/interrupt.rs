//! Ctrl-C, or a signal to end: once to cancel the run, twice to leave at once.

use crate::{exit, failure::Failure, show::live};
use fuelbox::CancelToken;
use std::{
    mem, process,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// What Ctrl-C does, for as long as this is there; afterwards it ends the program.
pub(crate) struct Interrupt(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// Whether Ctrl-C was pressed, or is no longer to be waited for.
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

    /// Lets Ctrl-C cancel this run, in place of the one before.
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
