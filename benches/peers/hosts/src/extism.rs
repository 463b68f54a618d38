//! Runs a module from a file by extism.

use extism::{Manifest, Plugin, Wasm};
use std::{error::Error, io::Write};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("a module")?;
    let wasm = Wasm::data(std::fs::read(path)?);
    let mut plugin = Plugin::new(Manifest::new([wasm]), [], false)?;
    let output: Vec<u8> = plugin.call("plugin", "")?;
    std::io::stdout().write_all(&output)?;
    Ok(())
}
