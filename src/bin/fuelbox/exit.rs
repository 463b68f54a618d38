//! The exit codes of the program: those of the library, those that only it has, and what each means.

use fuelbox::Outcome;

/// The guest finished, or would run.
pub(crate) const FINISHED: u8 = 0;
/// A file, the command line, or the machine.
pub(crate) const HOST: u8 = 1;
const OUT_OF_FUEL: u8 = 2;
const DEADLINE: u8 = 3;
const MEMORY: u8 = 4;
const IMPORT: u8 = 5;
const MODULE: u8 = 6;
/// An export is missing, or of another type, or was given other arguments.
pub(crate) const EXPORT: u8 = 7;
const TRAP: u8 = 8;
const STATUS: u8 = 9;
const OUTPUT: u8 = 10;
const HOST_FUNCTION: u8 = 11;
/// An attack of the self-test was not contained.
pub(crate) const NOT_CONTAINED: u8 = 12;
/// A replay did something else than was recorded.
pub(crate) const DIVERGED: u8 = 13;
/// A search has found inputs on which the guest fails.
pub(crate) const FOUND: u8 = 14;
/// Cancelled with Ctrl-C, SIGTERM or SIGHUP; the code is what shells give for Ctrl-C: 128 and the number of the signal.
pub(crate) const CANCELLED: u8 = 130;

/// What a code says, for help texts.
pub(crate) fn meaning(code: u8) -> &'static str {
    match code {
        FINISHED => "success",
        HOST => "an error of files, of the command line or of the machine",
        OUT_OF_FUEL => "out of fuel",
        DEADLINE => "the deadline has passed",
        MEMORY => "out of memory or table elements, or the module starts with more than allowed",
        IMPORT => "an import is unknown or not granted",
        MODULE => "the module is invalid, or too large",
        EXPORT => "an export is missing, has another type, or got wrong arguments",
        TRAP => "the guest trapped",
        STATUS => "the guest finished with a status other than 0",
        OUTPUT => "too much output",
        HOST_FUNCTION => "a host function was misused or failed",
        NOT_CONTAINED => "an attack was not contained",
        DIVERGED => "the guest did something else than was recorded",
        FOUND => "inputs were found on which the guest fails",
        CANCELLED => "cancelled with Ctrl-C, SIGTERM or SIGHUP",
        _ => "",
    }
}

/// The code for a run. With `pass_status` a guest that finished decides itself, where its status is an exit code.
pub(crate) fn of_outcome(outcome: &Outcome, pass_status: bool) -> u8 {
    match outcome {
        // A system keeps eight bits: 256 would come out as success.
        Outcome::Finished { status } if pass_status => u8::try_from(*status).unwrap_or(STATUS),
        outcome => outcome.exit_code(),
    }
}
