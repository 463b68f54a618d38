//! Interpreted in a sandbox or compiled by wasmtime, a guest does the same: the same calls of host
//! functions, the same results, memory, globals and tables, the same traps.
//!
//! Nothing of wasmtime is in fuelbox: it has another parser, another compiler, another runtime. It lives
//! in a package of its own so that nobody compiles it who does not ask for it; guests, sandbox and what is
//! compared are those of `fuelbox-oracles`.

// The guest as machine code, and its words for what is compared.
mod compiled;
mod engines;
mod values;

use fuelbox::Error;
use fuelbox_oracles::effects::{self, Effects, Guest};
use std::panic::{AssertUnwindSafe, catch_unwind};

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
    let compiled = compiled::run(&engines::WITHOUT_SIGNALS, guest.wasm())?;
    assert_eq!(boxed, compiled);
    Some(boxed)
}

/// Whether wasmtime finds a module valid.
#[must_use]
pub fn is_valid(wasm: &[u8]) -> bool {
    compiled::validate(wasm).is_ok()
}

/// What a valid module does in wasmtime, compiled by Cranelift; `None` where its stack ended, or where not all was
/// seen.
///
/// # Panics
/// Where it is not valid, runs on and on, or ends in no way that is listed.
#[must_use]
pub fn in_wasmtime(wasm: &[u8]) -> Option<Effects> {
    compiled::run(&engines::SURE, wasm)
}

/// What it does, compiled by Winch, which takes a fraction of the time; `None` where Winch cannot compile it, too.
///
/// Winch has faults of its own. So where this differs from anything, [`in_wasmtime`] has the last word.
#[must_use]
pub fn in_wasmtime_quickly(wasm: &[u8]) -> Option<Effects> {
    // Winch is not meant to panic, but where it does Cranelift has the word.
    catch_unwind(|| compiled::run_quickly(wasm)).ok()?
}

/// What guests do that were put together into one module: its export `digest` takes the number of each, and the memory
/// of each is exported as `memory` with its number. Where Winch cannot compile it Cranelift does.
///
/// `None` where neither can; of a guest, where its stack ended or something went wrong. [`in_wasmtime`] has the last
/// word here, too.
#[must_use]
pub fn together_in_wasmtime(wasm: &[u8], count: usize) -> Option<Together> {
    let run = |engine: &wasmtime::Engine| {
        let run = AssertUnwindSafe(|| compiled::run_together(engine, wasm, count));
        catch_unwind(run).ok()?
    };
    let quick = engines::QUICK.as_ref().and_then(run);
    let is_quick = quick.is_some();
    Some(Together {
        effects: quick.or_else(|| run(&engines::SURE))?,
        is_quick,
    })
}

/// What several guests did.
#[derive(Debug)]
#[non_exhaustive]
pub struct Together {
    /// Of each.
    pub effects: Vec<Option<Effects>>,
    /// Whether Winch compiled them.
    pub is_quick: bool,
}
