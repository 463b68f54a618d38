//! Panics with the input as its message, in a guest without `std`.
#![cfg_attr(target_arch = "wasm32", no_std)]

use fuelbox_guest::{Failure, Input, Output, entry, panic_handler};

fn run(input: Input, output: Output) -> Result<(), Failure> {
    output.write(b"so far");
    panic!("{}", core::str::from_utf8(input.leak())?)
}

entry!(stream run);
panic_handler!();
