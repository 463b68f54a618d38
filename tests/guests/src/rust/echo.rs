//! Writes the input to the output.
#![cfg_attr(target_arch = "wasm32", no_std)]

use fuelbox_guest::{Failure, entry, panic_handler};

fn run(input: &[u8]) -> Result<&[u8], Failure> {
    Ok(input)
}

entry!(run);
panic_handler!();
