//! Counts lines, words and bytes, as `wc` does.
#![cfg_attr(target_arch = "wasm32", no_std)]

use core::fmt::{Error, Write};
use fuelbox_guest::{Input, Output, entry, panic_handler};

fn run(input: Input, mut output: Output) -> Result<(), Error> {
    let text = input.leak();
    let lines = text.iter().filter(|byte| **byte == b'\n').count();
    let words = text
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty())
        .count();
    write!(output, "{lines} {words} {}", text.len())
}

entry!(stream run);
panic_handler!();
