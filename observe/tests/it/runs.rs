//! Guests that stop, and where they did.

use fuelbox::{Call, Limits, Module, Observation, Sandbox};
use fuelbox_observe::{Place, Symbols};

/// A guest that has stopped.
pub(super) struct Stopped {
    pub(super) observation: Observation,
    pub(super) places: Vec<Place>,
}

/// The bytes of a guest of a toolchain.
#[expect(clippy::disallowed_methods, reason = "guests are files")]
pub(super) fn bytes(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/guests/{name}.wasm", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Calls the export `run` of a guest, which stops, and looks where.
pub(super) fn stopped(wasm: &[u8], number: i32) -> Stopped {
    let module = Module::new(wasm).expect("the module is admitted");
    let sandbox = Sandbox::new(Limits::default()).record(1 << 20);
    let call = Call::export("run").args(number);
    let finished = sandbox.start(&module, call).expect("it starts").finish();
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
