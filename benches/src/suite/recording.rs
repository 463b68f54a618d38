//! What it costs to record a run: a guest that computes, one of WASI, and one that does little but call its host.

use super::Field;
use crate::{
    guest::{CALLING, COMPUTING},
    results::Results,
    rounds::{Contender, compare},
};
use fuelbox::{Execution, Function, Limits, Module, Sandbox, capability::Wasi, protocol};
use std::hint::black_box;

/// More than any of these takes.
const MOST_RECORDED_BYTES: u64 = 1 << 30;

/// Writes and reads its standard streams.
const STDIO: &[u8] = include_bytes!("../../../tests/guests/wasi/c-stdio.wasm");

/// The same runs, recorded and not.
pub(super) fn recording(field: &Field) {
    let mut results = Results::new(field.set, "recording");
    for (name, wasm) in COMPUTING {
        measure(&mut results, name, wasm, b"");
    }
    measure(
        &mut results,
        "WASI: standard streams",
        STDIO,
        &b"a line\n".repeat(50),
    );
    for guest in &CALLING {
        measure(&mut results, guest.name, &guest.wasm(), b"sixteen bytes ok");
    }
    results.write();
}

fn measure(results: &mut Results, name: &str, wasm: &[u8], input: &[u8]) {
    let module = Module::new(wasm).expect("the guest is valid");
    let limits = Limits::default()
        .output_bytes(u64::MAX)
        .log_lines(u64::MAX)
        .log_bytes(u64::MAX);
    let plain = Sandbox::new(limits)
        .grant(protocol())
        .grant(Wasi::new().program("guest"))
        .grant(Function::new("env", "number", |n: i32| n))
        .grant(Function::new("env", "sum", |_: u32, _: u32| 0_u32));
    let recorded = plain.clone().record(MOST_RECORDED_BYTES);
    let start = |sandbox: &Sandbox| sandbox.start(&module, black_box(input)).expect("it starts");
    let run = |execution: Execution| {
        let finished = black_box(execution.finish());
        let outcome = &finished.report.outcome;
        assert!(finished.report.stop().is_none(), "{outcome}");
        finished
    };
    let finished = run(start(&recorded));
    let calls = finished.report.usage.host_calls.max(1);
    let recording = finished.recording.expect("it is recorded").to_bytes();
    results.add_timings(
        name,
        compare(vec![
            Contender::new("not recorded", || _ = run(start(&plain))),
            Contender::new("recorded", || _ = run(start(&recorded))),
        ]),
    );
    let bytes = recording.len().saturating_sub(input.len()) as f64 / calls as f64;
    results.add(name, "bytes for each host call", "recorded", vec![bytes]);
}
