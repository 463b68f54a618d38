//! Guests that stop, and where they did.

use fuelbox::{Call, Finished, Limits, Module, Observation, Sandbox};
use fuelbox_observe::{Place, Symbols};
use std::path::PathBuf;

/// A guest that has stopped.
pub(super) struct Stopped {
    pub(super) observation: Observation,
    pub(super) places: Vec<Place>,
}

/// The bytes of a guest of a toolchain.
pub(super) fn bytes(name: &str) -> Vec<u8> {
    let bytes = built(name);
    bytes.unwrap_or_else(|| panic!("there is no guest {name}"))
}

/// The same of a guest that is built only where its toolchain is.
///
/// Where they lie, `tests/guests/build --check` says.
#[expect(clippy::disallowed_methods, reason = "guests are files")]
pub(super) fn built(name: &str) -> Option<Vec<u8>> {
    let folder = std::env::var_os("FUELBOX_DEBUG_GUESTS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/guests")),
        PathBuf::from,
    );
    std::fs::read(folder.join(format!("{name}.wasm"))).ok()
}

/// Calls the export `run` of a guest, and records it.
pub(super) fn recorded(wasm: &[u8], number: i32) -> Finished {
    let module = Module::new(wasm).expect("the module is admitted");
    let sandbox = Sandbox::new(Limits::default()).record(1 << 20);
    let call = Call::export("run").args(number);
    sandbox.start(&module, call).expect("it starts").finish()
}

/// Calls the export `run` of a guest, which stops, and looks where.
pub(super) fn stopped(wasm: &[u8], number: i32) -> Stopped {
    let finished = recorded(wasm, number);
    assert!(
        finished.report.stop().is_some(),
        "{}",
        finished.report.outcome
    );
    let recording = finished.recording.expect("the sandbox records");
    let observation = recording.observe(wasm).expect("it starts again");
    assert_eq!(observation.replay.divergence, None);
    let symbols = Symbols::new(wasm);
    let frames = observation.frames.iter();
    let places = frames.map(|frame| symbols.place(frame.function, frame.offset));
    Stopped {
        places: places.collect(),
        observation,
    }
}
