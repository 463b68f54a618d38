//! Searches for inputs on which a guest fails, with LibAFL: an example that is complete.
//!
//! `guest GUEST --corpus DIR [--finds DIR] [--seconds N] [--runs N] [--seed N] [--fuel N] [--most-input BYTES]`
//!
//! It grants the protocol. Copy it to grant more.
#![forbid(unsafe_code)]
#![expect(
    clippy::disallowed_methods,
    reason = "guests are files, and a search may end by time"
)]
#![expect(clippy::print_stderr, reason = "it is what a program says")]

mod arguments;
mod kept;
mod search;

use arguments::Arguments;
use std::{env, process::ExitCode};

/// As `fuelbox fuzz` exits where it has found something.
const FOUND: u8 = 14;

fn main() -> ExitCode {
    let found =
        Arguments::read(env::args().skip(1)).and_then(|arguments| search::search(&arguments));
    match found {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(FOUND),
        Err(problem) => {
            eprintln!("guest: {problem}");
            ExitCode::FAILURE
        }
    }
}
