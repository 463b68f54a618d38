//! Where the guest's input comes from.

use crate::{allow, args::Run, failure::Failure, files};
use std::io::{self, IsTerminal};

/// Reads the input, no further than one byte beyond its limit; the library refuses what is too large.
///
/// Standard input is read unasked only where the guest may see it: else a run would wait for an
/// input that changes nothing.
///
/// # Errors
/// [`Failure::Read`]; [`Failure::TwoInputs`].
pub(crate) fn read(arguments: &Run) -> Result<Vec<u8>, Failure> {
    let limit = arguments.input_limit;
    match (&arguments.text, arguments.input.as_deref()) {
        (Some(_), Some(_)) => Err(Failure::TwoInputs),
        (Some(text), None) => Ok(text.clone().into_bytes()),
        (None, Some("-")) => files::read_stdin(limit),
        (None, Some(path)) => files::read(path, limit),
        (None, None) if allow::input(&arguments.allow) && !io::stdin().is_terminal() => {
            files::read_stdin(limit)
        }
        (None, None) => Ok(Vec::new()),
    }
}
