//! A guest that is fuzzed is the same guest each time, tells which ways it took, and cannot do anything about that.

#![cfg(feature = "fuzz")]

mod put_back;
mod targets;
mod ways;

use fuelbox::{
    Module, Sandbox,
    fuzz::{Probe, Traced},
};

/// The bytes of a module in the text format.
fn wasm(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("the text is valid")
}

/// A probe of the guest as it is instantiated.
fn probe(sandbox: &Sandbox, text: &str, traced: Traced) -> Probe {
    let module = Module::builder().traced(traced).build(wasm(text));
    let module = module.expect("the module is admitted");
    let made = Probe::new(sandbox, move |sandbox| sandbox.instantiate(&module));
    made.expect("it is instantiated")
}

/// Numbers that look random, the same each time.
fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}
