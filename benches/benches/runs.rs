//! The distributions behind `ratios`, by criterion.

use criterion::{Criterion, criterion_group, criterion_main};
use fuelbox::{Limits, Module, Sandbox, protocol};
use fuelbox_bench::{guest, plain::Plain};
use std::{hint::black_box, time::Duration};

const INPUT: &[u8] = b"a line of input, as short as most are";

/// Enough for every guest here.
const FUEL: u64 = 100_000_000_000;

fn fresh(criterion: &mut Criterion) {
    for (name, text) in [("echo", guest::ECHO), ("nothing", guest::NOTHING)] {
        both(criterion, &format!("fresh {name}"), text);
    }
}

fn computing(criterion: &mut Criterion) {
    for (name, text) in guest::COMPUTING {
        both(criterion, &format!("long {name}"), text);
    }
}

fn both(criterion: &mut Criterion, name: &str, text: &str) {
    let wasm = wat::parse_str(text).expect("the guest is valid");
    let plain = Plain::new(&wasm);
    let module = Module::new(&wasm).expect("the guest is valid");
    let sandbox = Sandbox::new(Limits::default()).grant(protocol());
    let mut group = criterion.benchmark_group(name);
    group.bench_function("plain wasmi", |bencher| {
        bencher.iter(|| plain.run(black_box(INPUT), FUEL));
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
    targets = fresh, computing
}
criterion_main!(benches);
