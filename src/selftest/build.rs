//! Checks of the build and its clock, on which deadlines and the native stack depend.

use super::{catalogue::ENDLESS, check::Check, machine::Machine};
use alloc::string::ToString;

/// The self-check that comes before every first run, as an attack of its own.
pub(super) fn native_stack(machine: &Machine) -> Check {
    let endless = ENDLESS.attack();
    let case = endless.case();
    let sandbox = machine.sandbox(case.limits.clone());
    let ran = case
        .admit()
        .and_then(|module| sandbox.run(&module, case.call(&module)));
    let observed = match &ran {
        Ok(_) => "flat",
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
