//! Calls of a guest that lives, and guests that start from a snapshot.

use super::Field;
use crate::{
    engine::{FLOOR, OURS, plain::Plain},
    guest,
    results::Results,
    rounds::{Contender, compare},
};
use fuelbox::{Call, Instance, Limits, Module, Sandbox};
use std::hint::black_box;

/// Live calls and snapshots.
pub(super) fn live(field: &Field) {
    let mut results = Results::new(field.set, "live");
    calls(&mut results);
    snapshots(&mut results);
    results.write();
}

/// A typed call, and one with a report, beside what plain wasmi has for each.
fn calls(results: &mut Results) {
    let wasm = guest::parse(guest::COUNTER);
    let module = Module::new(&wasm).expect("the guest is valid");
    let instance = || Sandbox::new(Limits::default()).instantiate(&module);
    let (mut typed, mut reported) = (
        instance().expect("it starts"),
        instance().expect("it starts"),
    );
    let plain = Plain { metered: true }.module(&wasm);
    let (mut plain_typed, mut plain_by_name) = (plain.live("add"), plain.live("add"));
    let timings = compare(vec![
        Contender::new(OURS, || {
            black_box(typed.call::<_, i32>("add", 1)).expect("it finishes");
        }),
        Contender::new(FLOOR, || _ = black_box(plain_typed.call(1))),
    ]);
    results.add_timings("typed call", timings);
    let timings = compare(vec![
        Contender::new(OURS, || {
            let report = reported.run(Call::export("add").args(1));
            black_box(report.expect("it finishes"));
        }),
        Contender::new(FLOOR, || {
            _ = black_box(plain_by_name.call_by_name("add", 1))
        }),
    ]);
    results.add_timings("call with a report", timings);
}

/// The first call of a guest that computes 1 MiB when it is made ready.
fn snapshots(results: &mut Results) {
    let builder = Module::builder().snapshots(true);
    let module = builder.build(guest::parse(guest::READY));
    let module = module.expect("the guest is valid");
    let sandbox = Sandbox::new(Limits::default());
    let mut instance = sandbox.instantiate(&module).expect("it starts");
    let snapshot = instance.snapshot().expect("it can be written");
    // As one that was stored, and needs no further ones.
    let snapshot = Module::new(snapshot.wasm().expect("it keeps its bytes"));
    let snapshot = snapshot.expect("the guest is valid");
    let first = |mut instance: Instance| {
        assert_eq!(black_box(instance.call("first", ())), Ok(12_345));
    };
    let timings = compare(vec![
        Contender::new("made ready each time", || {
            first(sandbox.instantiate(&module).expect("it starts"));
        }),
        Contender::new("from a snapshot", || {
            first(sandbox.instantiate(&snapshot).expect("it starts"));
        }),
    ]);
    results.add_timings("first call, 1 MiB", timings);
}
