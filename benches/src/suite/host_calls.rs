//! What a call from the guest into the host takes, and how fast bytes cross.

use super::Field;
use crate::{
    engine::{FLOOR, OURS, plain::Plain},
    guest::{self, Calling},
    results::Results,
    rounds::{Contender, Timing, compare},
};
use fuelbox::{
    Caller, Function, Halt, Limits, Module, Sandbox, Slice, Step, ValueType, Wait, protocol,
};
use std::hint::black_box;

/// What each call moves where throughput is measured.
const PIECE_BYTES: usize = 1 << 20;

/// Each of the protocol's functions and two of the host; fuelbox beside plain wasmi.
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
    answered(&mut results);
    results.write();
}

/// A call that the guest waits for, from the step that it ends to the answer, in turns with one that returns at once.
fn answered(results: &mut Results) {
    let guest = guest::CALLING
        .iter()
        .find(|guest| guest.name == AT_ONCE)
        .expect("it is one of them");
    let module = Module::new(guest.wasm()).expect("the guest is valid");
    let at_once = Sandbox::new(Limits::default()).grant(Function::new("env", "number", |n: i32| n));
    let number = Function::waiting("env", "number", &[ValueType::I32], &[ValueType::I32]);
    let later = Sandbox::new(Limits::default()).grant(number);
    let mut timings = compare(vec![
        Contender::new(ANSWERED, || {
            let mut execution = later.start(&module, "").expect("it starts");
            while execution.step(Slice::fuel(u64::MAX)) == Step::Waiting(Wait::Host) {
                execution.answer(black_box(1)).expect("it asks");
            }
            assert_eq!(execution.finish().report.status(), Some(0));
        }),
        Contender::new(AT_ONCE, || {
            let mut execution = at_once.start(&module, "").expect("it starts");
            while !execution.step(Slice::fuel(u64::MAX)).is_done() {}
            assert_eq!(execution.finish().report.status(), Some(0));
        }),
    ]);
    for nanos in timings.iter_mut().flat_map(|timing| &mut timing.nanos) {
        *nanos /= f64::from(guest.calls);
    }
    if let [later, at_once] = &*timings {
        let more = later.nanos.iter().zip(&at_once.nanos);
        let more = more.map(|(later, at_once)| later - at_once).collect();
        results.add(ANSWERED, "ns", OURS, later.nanos.clone());
        results.add("of which for wait and answer", "ns", OURS, more);
    }
}

/// A call that returns at once, and one that is answered by the host.
const AT_ONCE: &str = "Function of a number";
const ANSWERED: &str = "Function of a number, answered later";

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
