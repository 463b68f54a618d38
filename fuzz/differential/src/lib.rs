//! Interpreted in a sandbox or compiled by wasmtime, a guest does the same: the same calls of host
//! functions, the same results, memory, globals and tables, the same traps.
//!
//! Nothing of wasmtime is in fuelbox: it has another parser, another compiler, another runtime. It lives
//! in a package of its own so that nobody compiles it who does not ask for it; guests, sandbox and what is
//! compared are those of `fuelbox-oracles`.

// The guest as machine code, and its words for what is compared.
mod compiled;
mod values;

use fuelbox::Error;
use fuelbox_oracles::effects::{self, Effects, Guest};

/// Runs the guest that `data` makes in both.
///
/// # Panics
/// Where they differ, or where only one of them finds it valid.
pub fn check(data: &[u8]) {
    drop(compare(data));
}

/// The same, with what both did; `None` where there was nothing to compare.
///
/// # Panics
/// As [`check`] does.
#[must_use]
pub fn compare(data: &[u8]) -> Option<Effects> {
    let guest = Guest::without_choices(data)?;
    let validity = compiled::validate(guest.wasm());
    let module = match guest.admit() {
        Ok(module) => module,
        Err(Error::InvalidModule { .. }) => {
            assert!(validity.is_err(), "only fuelbox finds it invalid");
            return None;
        }
        // Valid, but of a proposal that fuelbox has not, or larger than it takes.
        Err(_) => return None,
    };
    validity.expect("fuelbox finds it valid");
    // Where a limit ended it the other would only go on.
    let boxed = effects::in_sandbox(&module)?;
    let compiled = compiled::run(guest.wasm())?;
    assert_eq!(boxed, compiled);
    Some(boxed)
}

/// Whether wasmtime finds a module valid.
#[must_use]
pub fn is_valid(wasm: &[u8]) -> bool {
    compiled::validate(wasm).is_ok()
}

/// What a valid module does in wasmtime; `None` where its stack ended, or where not all was seen.
///
/// Nothing ends one that runs on and on.
///
/// # Panics
/// Where it is not valid, or ends in no way that is listed.
#[must_use]
pub fn in_wasmtime(wasm: &[u8]) -> Option<Effects> {
    compiled::run_unmetered(wasm)
}
