//! How soon there is a result: from bytes, and from a compiled module.

use super::Field;
use crate::{
    engine::{Engine, LAZY, Ours, plain::Plain},
    generate, guest,
    results::Results,
    rounds::{Contender, compare},
};
use fuelbox::{Limits, Module, Sandbox, protocol};
use std::hint::black_box;

/// Sizes of modules, and how tables call them.
pub(super) const SIZES: [(usize, &str); 5] = [
    (200, "200 B"),
    (10 << 10, "10 KB"),
    (150 << 10, "150 KB"),
    (1_500 << 10, "1.5 MB"),
    (4 << 20, "4 MB"),
];

const INPUT: &[u8] = b"a line of input, as short as most are";

/// Cold and warm starts.
pub(super) fn start(field: &Field) {
    let mut results = Results::new(field.set, "start");
    for (name, wasm) in [
        ("warm, small", guest::nothing(1)),
        ("warm, 17 pages", guest::nothing(17)),
        ("warm, 24 KiB touched", guest::parse(guest::TOUCHING)),
        ("warm, 256 pages", guest::nothing(256)),
        ("warm, 1,000 functions", generate::functions(1_000)),
    ] {
        let compiled: Vec<_> = field
            .engines
            .iter()
            .map(|engine| (engine.name(), engine.compile(&wasm)))
            .collect();
        let contenders = compiled
            .iter()
            .map(|(name, guest)| Contender::new(name, || assert_eq!(black_box(guest.run()), 0)));
        results.add_timings(name, compare(contenders.collect()));
    }
    echo(&mut results);
    for (bytes, name) in SIZES {
        let wasm = generate::module(bytes);
        let lazy = Ours::lazy();
        let engines = field
            .engines
            .iter()
            .map(|engine| (engine.name(), &**engine));
        let contenders = engines
            .chain([(LAZY, &lazy as &dyn Engine)])
            .map(|(name, engine)| {
                Contender::new(name, || {
                    assert_eq!(black_box(engine.compile(black_box(&wasm)).run()), 0);
                })
            });
        results.add_timings(&format!("cold, {name}"), compare(contenders.collect()));
    }
    results.write();
}

/// A run that reads a line and writes it, by hosts that have functions for that.
fn echo(results: &mut Results) {
    let wasm = guest::parse(guest::ECHO);
    let engine = Plain { metered: true };
    let plain = engine.module(&wasm);
    let module = Module::new(&wasm).expect("the guest is valid");
    let sandbox = Sandbox::new(Limits::default()).grant(protocol());
    let contenders = vec![
        Contender::new(crate::engine::OURS, || {
            let report = sandbox.run(&module, black_box(INPUT)).expect("it starts");
            assert_eq!(black_box(report).output, INPUT);
        }),
        Contender::new(engine.name(), || {
            assert_eq!(black_box(plain.run_on(black_box(INPUT))).0, INPUT);
        }),
    ];
    results.add_timings("warm, echo", compare(contenders));
}
