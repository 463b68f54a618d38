//! Real modules that tell where they are, count their calls or their blocks, come to the same report.

use super::{by_default, bytes, text};
use crate::harness::{MOST_RECORDED, frames, is_observed, roomy, timeless};
use fuelbox::{Call, Finished, Limits, Module, ModuleLimits, Recording, capability::Wasi};
use fuelbox_observe::Symbols;

/// A module that was fetched.
struct Real {
    wasm: Vec<u8>,
    module: Module,
}

fn real(path: &str) -> Option<Real> {
    let limits = ModuleLimits::default()
        .module_bytes(128 << 20)
        .function_bytes(8 << 20)
        .carried_values(8_000_000);
    let wasm = bytes(path)?;
    let builder = Module::builder().limits(limits);
    let module = builder.build(&wasm);
    let module = module.unwrap_or_else(|error| panic!("{path}: {error}"));
    Some(Real { wasm, module })
}

impl Real {
    fn record(&self, limits: Limits, wasi: Wasi) -> Finished {
        let sandbox = timeless(limits).grant(wasi).record(MOST_RECORDED);
        let execution = sandbox.start(&self.module, "").expect("it starts");
        execution.finish()
    }

    /// What the functions are called that it was in when it stopped.
    fn places(&self, recording: &Recording) -> Vec<String> {
        let observation = recording.observe(&self.wasm).expect("it starts again");
        let symbols = Symbols::new(&self.wasm);
        let frames = observation.frames.iter();
        frames
            .map(|frame| symbols.place(frame.function, frame.offset).to_string())
            .collect()
    }
}

#[test]
#[ignore = "takes modules that tests/real-modules fetches"]
fn cpython_is_observed_at_the_same_fuel() {
    let Some(python) = real("python/package/dist/python.wasm") else {
        return;
    };
    let program = |code: &str| Wasi::new().program("python").args(["-c", code]);
    let limits = Limits::default().deadline(roomy().call.deadline);
    let finished = python.record(limits.clone(), program("print(6*7)"));
    assert_eq!(text(&finished.report.output), "42\n");
    assert_eq!(is_observed(&python.wasm, &finished), Ok(()));

    // Stopped in the middle, it is in functions that have the names that the module has.
    let finished = python.record(limits.fuel(100_000_000), program("while True: pass"));
    assert_eq!(finished.report.outcome.code(), "out-of-fuel");
    assert_eq!(is_observed(&python.wasm, &finished), Ok(()));
    let places = python.places(&finished.recording.expect("it is recorded"));
    assert!(!places.is_empty());
    if !frames::names(&python.wasm).is_empty() {
        let is_named = |place: &String| !place.starts_with("function ");
        assert!(places.iter().all(is_named), "{places:#?}");
    }
}

#[test]
#[ignore = "takes modules that tests/real-modules fetches"]
fn all_that_load_are_observed_at_the_same_fuel() {
    /// Enough to get well into each, also where it is run again five times.
    const FUEL: u64 = 20_000_000;

    let (mut observed, mut named, mut failed) = (0, 0, Vec::new());
    for line in by_default::LIST
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        let fields: Vec<_> = line.split('|').map(str::trim).collect();
        let [_, folder, _, package, file] = fields[..] else {
            panic!("{line}");
        };
        let Some(wasm) = bytes(&format!("{folder}/{file}")) else {
            continue;
        };
        let Ok(module) = Module::new(&wasm) else {
            continue;
        };
        let Some((name, values)) = by_default::first_call(&module) else {
            continue;
        };
        let sandbox = by_default::granting(timeless(roomy().fuel(FUEL)));
        let call = Call::export(&name).values(values);
        let Ok(execution) = sandbox.record(MOST_RECORDED).start(&module, call) else {
            continue;
        };
        observed += 1;
        named += usize::from(!frames::names(&wasm).is_empty());
        if let Err(problem) = is_observed(&wasm, &execution.finish()) {
            failed.push(format!("{package}: {problem}"));
        }
    }
    println!("{observed} modules observed, {named} of them with names");
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
