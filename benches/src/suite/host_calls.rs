//! What a call from the guest into the host takes, and how fast bytes cross.

use super::Field;
use crate::{
    engine::{FLOOR, OURS, plain::Plain},
    guest::{self, Calling},
    results::Results,
    rounds::{Contender, Timing, compare},
};
use fuelbox::{Caller, Function, Halt, Limits, Module, Sandbox, protocol};
use std::hint::black_box;

/// What each call moves where throughput is measured.
const PIECE_BYTES: usize = 1 << 20;

/// Each of the protocol's functions and two of the host's own; fuelbox beside plain wasmi.
pub(super) fn host_calls(field: &Field) {
    let mut results = Results::new(field.set, "host_calls");
    for guest in &guest::CALLING {
        results.add_timings(guest.name, per_call(guest, b"sixteen bytes ok"));
    }
    let input = vec![7; PIECE_BYTES];
    for guest in &guest::MOVING {
        for timing in per_call(guest, &input) {
            let speeds = timing.nanos.iter().map(|nanos| PIECE_BYTES as f64 / nanos);
            results.add(guest.name, "GB/s", timing.name, speeds.collect());
        }
    }
    results.write();
}

fn per_call(guest: &Calling, input: &[u8]) -> Vec<Timing> {
    let wasm = guest.wasm();
    let plain = Plain { metered: true }.module(&wasm);
    let module = Module::new(&wasm).expect("the guest is valid");
    let limits = Limits::default()
        .output_bytes(u64::MAX)
        .log_lines(u64::MAX)
        .log_bytes(u64::MAX);
    let sum = |caller: &mut Caller<'_>, ptr: u32, len: u32| -> Result<u32, Halt> {
        Ok(guest::sum(caller.read(ptr, len)?))
    };
    let sandbox = Sandbox::new(limits)
        .grant(protocol())
        .grant(Function::new("env", "number", |n: i32| n))
        .grant(Function::new("env", "sum", sum));
    let mut timings = compare(vec![
        Contender::new(OURS, || {
            let report = sandbox.run(&module, black_box(input)).expect("it starts");
            assert_eq!(black_box(report).status(), Some(0));
        }),
        Contender::new(FLOOR, || {
            black_box(plain.run_on(black_box(input)));
        }),
    ]);
    for nanos in timings.iter_mut().flat_map(|timing| &mut timing.nanos) {
        *nanos /= f64::from(guest.calls);
    }
    timings
}
