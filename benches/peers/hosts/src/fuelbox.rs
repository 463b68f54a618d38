//! Runs a module from a file on no input, and prints its output.

use fuelbox::{Limits, Module, Sandbox, protocol};
use std::{error::Error, io::Write};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("a module")?;
    let module = Module::new(std::fs::read(path)?)?;
    let report = Sandbox::new(Limits::default())
        .grant(protocol())
        .run(&module, "")?;
    std::io::stdout().write_all(&report.into_output()?)?;
    Ok(())
}
