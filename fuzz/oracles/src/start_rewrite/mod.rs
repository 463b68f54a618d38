//! With a start section or without, fuelbox and the plain interpreter do the same: the same calls of
//! host functions, the same results, memory, globals and tables, the same traps.
//!
//! So neither moving the start section nor rewriting growths shows. Control flow that the plain interpreter miscompiles
//! is not compared here, but with wasmtime, by the campaign.

mod plain;

use crate::effects::{self, Guest};

/// Runs the guest that `data` makes in both.
///
/// # Panics
/// Where they differ.
pub(crate) fn check(data: &[u8]) {
    let Some(guest) = Guest::of(data) else {
        return;
    };
    let Ok(module) = guest.admit() else {
        return;
    };
    if module.is_repaired() {
        return;
    }
    // Where a limit ended it the other would only go on.
    let Some(boxed) = effects::in_sandbox(&module) else {
        return;
    };
    if let Some(plain) = plain::run(&guest) {
        assert_eq!(boxed, plain);
    }
}
