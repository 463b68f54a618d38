//! Ctrl-C: once to cancel the run, twice to leave at once.

use crate::{exit, failure::Failure};
use fuelbox::CancelToken;
use std::process;

/// Lets Ctrl-C cancel the run; where it is cancelled already, the program ends.
///
/// # Errors
/// [`Failure::Interrupt`].
pub(crate) fn cancels(token: CancelToken) -> Result<(), Failure> {
    ctrlc::set_handler(move || {
        if token.is_cancelled() {
            process::exit(exit::CANCELLED.into());
        }
        token.cancel();
    })?;
    Ok(())
}
