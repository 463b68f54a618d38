//! Runs a module from a file in Pulley under fuel; it may import nothing.

use std::error::Error;
use wasmtime::{Config, Engine, Instance, Module, Store};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("a module")?;
    let mut config = Config::new();
    config.target("pulley64")?.consume_fuel(true);
    let engine = Engine::new(&config)?;
    let module = Module::new(&engine, std::fs::read(path)?)?;
    let mut store = Store::new(&engine, ());
    store.set_fuel(1_000_000_000)?;
    let instance = Instance::new(&mut store, &module, &[])?;
    let execute = instance.get_typed_func::<(i32, i32), i32>(&mut store, "execute")?;
    println!("{}", execute.call(&mut store, (0, 0))?);
    Ok(())
}
