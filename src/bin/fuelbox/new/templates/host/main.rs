//! Runs the guest on its first argument.

use fuelbox::{Limits, Module, Sandbox, protocol};
use std::{error::Error, fs, time::Duration};

/// Where the build of the guest puts it.
const GUEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../@WASM@");

fn main() -> Result<(), Box<dyn Error>> {
    let input = std::env::args().nth(1).unwrap_or_default();
    let wasm = fs::read(GUEST).map_err(|error| format!("build the guest first: {GUEST}: {error}"))?;
    let module = Module::new(wasm)?;
    let limits = Limits::default().deadline(Duration::from_millis(200));
    let report = Sandbox::new(limits).grant(protocol()).run(&module, input)?;

    for line in &report.logs {
        eprintln!("guest: {line}");
    }
    let usage = &report.usage;
    eprintln!("{} fuel, {:?}, {} bytes of memory", usage.fuel, usage.time, usage.peak_memory_bytes);
    println!("{}", String::from_utf8(report.into_output()?)?);
    Ok(())
}
