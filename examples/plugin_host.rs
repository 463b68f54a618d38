//! How do I run plugins from a folder? Each under its own limits; a bad one disturbs nobody.
//!
//! ```sh
//! cargo run --example plugin_host
//! ```
#![expect(clippy::print_stdout, reason = "an example shows what it does")]
#![expect(clippy::disallowed_methods, reason = "an example reads its plugins")]

use fuelbox::{Limits, Module, ModuleLimits, Sandbox, protocol};
use std::{error::Error, path::Path};

/// What every plugin gets, and what a plugin of an unknown author gets.
const FUEL: u64 = 1_000_000;
const FUEL_OF_STRANGERS: u64 = 300;

struct Plugin {
    name: String,
    module: Module,
    sandbox: Sandbox,
}

/// Loads the plugins of a folder that do `kinds` of things. One that cannot be loaded is left out.
fn load(folder: &Path, kinds: &[&str]) -> Result<Vec<Plugin>, Box<dyn Error>> {
    let mut paths = std::fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();

    let module_limits = ModuleLimits::default().module_bytes(64 << 10);
    let mut plugins = Vec::new();
    for path in paths {
        let Some(name) = path.file_stem().and_then(|stem| stem.to_str()) else {
            continue;
        };
        let is_plugin = path
            .extension()
            .is_some_and(|extension| extension == "wasm");
        if !is_plugin || !kinds.iter().any(|kind| name.ends_with(kind)) {
            continue;
        }
        match Module::builder()
            .limits(module_limits.clone())
            .build(std::fs::read(&path)?)
        {
            Ok(module) => plugins.push(Plugin {
                name: name.to_owned(),
                module,
                sandbox: sandbox(name),
            }),
            Err(error) => println!("{name}: not loaded: {error}"),
        }
    }
    Ok(plugins)
}

/// What a plugin may use. In a real host this stands in a file.
fn sandbox(name: &str) -> Sandbox {
    let fuel = if name.starts_with("zig") {
        FUEL_OF_STRANGERS
    } else {
        FUEL
    };
    let limits = Limits::default().fuel(fuel).memory_bytes(2 << 20);
    Sandbox::new(limits).grant(protocol())
}

fn main() -> Result<(), Box<dyn Error>> {
    let plugins = load(
        Path::new("tests/guests"),
        &["-words", "-panic", "-abort", "-orders"],
    )?;

    let mut results = Vec::new();
    for Plugin {
        name,
        module,
        sandbox,
    } in &plugins
    {
        // Refused: it needs something that nobody granted. Stopped or failed: it is in the report.
        let result = match sandbox.run(module, "one two\nthree\n") {
            Err(error) => format!("refused: {error}"),
            Ok(report) if report.status() == Some(0) => {
                String::from_utf8_lossy(&report.output).into_owned()
            }
            Ok(report) => format!("failed: {}", report.outcome),
        };
        println!("{name}: {result}");
        results.push((&**name, result));
    }

    let good = results.iter().filter(|(_, result)| result == "2 3 14");
    assert_eq!(good.count(), 4, "those of strangers ran out of fuel");
    let failed = |what| {
        results
            .iter()
            .filter(move |(_, result)| result.contains(what))
    };
    assert_eq!(failed("trapped").count(), 4, "the panics");
    assert_eq!(failed("out of fuel").count(), 2, "the strangers");
    assert_eq!(failed("refused").count(), 1, "the one that wants env.abort");
    assert!(
        !results.iter().any(|(name, _)| *name == "rust-orders"),
        "too large"
    );
    Ok(())
}
