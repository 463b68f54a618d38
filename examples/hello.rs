//! How do I run a module? Load it, run it on some input, print what it did.
//!
//! ```sh
//! cargo run --example hello
//! ```
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use fuelbox::{Limits, Module, Sandbox, protocol};
use std::{error::Error, time::Duration};

fn main() -> Result<(), Box<dyn Error>> {
    // Any binary module will do: what a compiler makes, or here an assembler of the text format.
    let wasm = wat::parse_str(include_str!("guests/upper.wat"))?;
    let module = Module::new(&wasm)?;

    let limits = Limits::default()
        .fuel(10_000_000)
        .memory_bytes(8 << 20)
        .deadline(Duration::from_millis(200));
    let report = Sandbox::new(limits)
        .grant(protocol())
        .run(&module, b"hello, world")?;

    for line in &report.logs {
        println!("the guest says: {line}");
    }
    println!("outcome: {}", report.outcome);
    println!("fuel: {}", report.usage.fuel);
    println!("memory: {} bytes", report.usage.peak_memory_bytes);

    let output = report.into_output()?;
    println!("output: {}", String::from_utf8_lossy(&output));
    assert_eq!(output, b"HELLO, WORLD");
    Ok(())
}
