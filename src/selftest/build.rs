//! The build and its clock: what deadlines and the native stack rest on.

use super::{check::Check, machine::Machine};
use crate::instance;
use alloc::string::ToString;

/// The self-check that comes before every first run, as an attack of its own.
pub(super) fn native_stack() -> Check {
    let observed = match instance::check_dispatch() {
        Ok(()) => "flat",
        Err(error) => error.code(),
    };
    Check::new(
        "native_stack",
        "loops of every operation, each of which must leave the native stack as it was",
        "flat",
        observed.to_string(),
    )
}

/// Whether there is a clock to hold deadlines with.
pub(super) fn clock(machine: &Machine) -> Check {
    let observed = if machine.ticks {
        "goes on"
    } else {
        "stands still"
    };
    Check::new(
        "clock",
        "a clock that does not go on while a guest works",
        "goes on",
        observed.to_string(),
    )
}
