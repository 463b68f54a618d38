//! Long runs, metered and under a deadline.

use super::Field;
use crate::{
    engine::{Compiled, Engine, plain::Plain},
    guest,
    results::Results,
    rounds::{Contender, compare},
};
use fuelbox::{Limits, Module, ModuleLimits, Sandbox};
use std::hint::black_box;

/// Each guest that computes, by each engine, compiled before.
pub(super) fn compute(field: &Field) {
    let mut results = Results::new(field.set, "compute");
    for (name, wasm) in guest::COMPUTING {
        same_work(wasm);
        let compiled: Vec<_> = field
            .engines
            .iter()
            .map(|engine| (engine.name(), engine.compile(wasm)))
            .collect();
        // Plain wasmi beside itself, to see how much is noise: where code lies in memory above all.
        let again = Plain { metered: true }.compile(wasm);
        let mut contenders: Vec<_> = compiled
            .iter()
            .map(|(name, guest)| Contender::new(name, || ends_well(guest.as_ref())))
            .collect();
        contenders.push(Contender::new("wasmi, fuel, again", || {
            ends_well(again.as_ref());
        }));
        results.add_timings(name, compare(contenders));
    }
    results.write();
}

fn ends_well(guest: &dyn Compiled) {
    assert_eq!(black_box(guest.run()), 0);
}

/// fuelbox and plain wasmi take the same fuel for it, but for what repairs add.
fn same_work(wasm: &[u8]) {
    let (_, used) = Plain { metered: true }.module(wasm).run_on(b"");
    let as_written = ModuleLimits::default().keep_faults();
    let module = Module::builder()
        .limits(as_written.clone())
        .build(wasm)
        .expect("the guest is valid");
    let report = Sandbox::new(Limits::default().fuel(guest::FUEL)).run(&module, "");
    assert_eq!(report.expect("it starts").usage.fuel, used);
}
