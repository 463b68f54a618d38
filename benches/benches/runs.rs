//! The distributions of short runs, by criterion.

use criterion::{Criterion, criterion_group, criterion_main};
use fuelbox::{Limits, Module, Sandbox, protocol};
use fuelbox_bench::{
    engine::{Compiled, plain::Plain},
    guest,
};
use std::{hint::black_box, time::Duration};

const INPUT: &[u8] = b"a line of input, as short as most are";

fn nothing(criterion: &mut Criterion) {
    let wasm = guest::nothing(1);
    let plain = Plain { metered: true }.module(&wasm);
    let module = Module::new(&wasm).expect("the guest is valid");
    let sandbox = Sandbox::new(Limits::default());
    let mut group = criterion.benchmark_group("fresh run, nothing");
    group.bench_function("plain wasmi", |bencher| bencher.iter(|| plain.run()));
    group.bench_function("fuelbox", |bencher| {
        bencher.iter(|| sandbox.run(&module, ""));
    });
    group.finish();
}

fn echo(criterion: &mut Criterion) {
    let wasm = guest::parse(guest::ECHO);
    let plain = Plain { metered: true }.module(&wasm);
    let module = Module::new(&wasm).expect("the guest is valid");
    let sandbox = Sandbox::new(Limits::default()).grant(protocol());
    let mut group = criterion.benchmark_group("fresh run, echo");
    group.bench_function("plain wasmi", |bencher| {
        bencher.iter(|| plain.run_on(black_box(INPUT)));
    });
    group.bench_function("fuelbox", |bencher| {
        bencher.iter(|| sandbox.run(&module, black_box(INPUT)));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = nothing, echo
}
criterion_main!(benches);
