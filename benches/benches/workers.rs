//! What a worker process costs beside the host's own process, in turns in one run.
//!
//!   cargo bench -p fuelbox-bench --features workers --bench workers

use fuelbox::{
    Limits, Module, Sandbox, Value, ValueType, protocol,
    worker::{self, WorkerModule, WorkerPool, WorkerSpec},
};
use fuelbox_bench::{
    guest,
    rounds::{Contender, Timing, compare},
};
use std::hint::black_box;

fn main() {
    // The workers are this program.
    worker::main();
    small_runs();
    input();
    host_calls();
    live();
}

const SIZE: usize = 2;

fn pool(sandbox: &Sandbox) -> WorkerPool {
    let spec = WorkerSpec::new(sandbox).expect("it is data").function(
        "env",
        "next",
        &[ValueType::I32],
        &[ValueType::I32],
        |_, args| <[Value; 1]>::try_from(args),
    );
    WorkerPool::new(spec, SIZE).expect("workers can be started")
}

/// An echo of 37 bytes.
fn small_runs() {
    const INPUT: &[u8] = b"a line of input, as short as most are";

    let wasm = guest::parse(guest::ECHO);
    let sandbox = Sandbox::new(Limits::default()).grant(protocol());
    let module = Module::new(&wasm).expect("the guest is valid");
    let pool = pool(&sandbox);
    let there = WorkerModule::new(wasm);
    let timings = compare(vec![
        Contender::new("in process", || {
            black_box(sandbox.run(&module, INPUT)).expect("it runs");
        }),
        Contender::new("in a worker", || {
            black_box(pool.run(&there, INPUT)).expect("it runs");
        }),
    ]);
    show("a run, echo of 37 bytes", &timings);
}

/// 16 MiB of input that the guest does not read.
fn input() {
    const BYTES: usize = 16 << 20;

    let wasm = guest::parse(r#"(module (func (export "_start")))"#);
    let sandbox = Sandbox::new(Limits::default()).grant(protocol());
    let module = Module::new(&wasm).expect("the guest is valid");
    let pool = pool(&sandbox);
    let there = WorkerModule::new(wasm);
    let input = vec![b'a'; BYTES];
    let timings = compare(vec![
        Contender::new("in process", || {
            black_box(sandbox.run(&module, input.clone())).expect("it runs");
        }),
        Contender::new("in a worker", || {
            black_box(pool.run(&there, input.clone())).expect("it runs");
        }),
    ]);
    show("a run with 16 MiB of input", &timings);
    if let [here, there] = &*timings {
        let speed = |of: fn(&Timing) -> f64| BYTES as f64 / (of(there) - of(here));
        let (fastest, median) = (speed(fastest), speed(median));
        println!("    GB/s more    {fastest:10.2}   {median:10.2}");
    }
}

/// A guest that calls a function of the host 1,000 times.
fn host_calls() {
    let wasm = guest::parse(
        r#"(module (import "env" "next" (func $next (param i32) (result i32)))
            (func (export "_start") (local $i i32)
                (loop (drop (call $next (local.get $i)))
                    (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000))))))"#,
    );
    let bare = Sandbox::new(Limits::default());
    let pool = pool(&bare);
    let next = fuelbox::Function::dynamic(
        "env",
        "next",
        &[ValueType::I32],
        &[ValueType::I32],
        |_, args: &[Value]| <[Value; 1]>::try_from(args),
    );
    let sandbox = bare.grant(next);
    let module = Module::new(&wasm).expect("the guest is valid");
    let there = WorkerModule::new(wasm);
    let timings = compare(vec![
        Contender::new("in process", || {
            black_box(sandbox.run(&module, "")).expect("it runs");
        }),
        Contender::new("in a worker", || {
            black_box(pool.run(&there, "")).expect("it runs");
        }),
    ]);
    show("1,000 calls of a function of the host", &timings);
}

/// A call of an instance that is kept.
fn live() {
    let wasm = guest::parse(
        r#"(module (global $n (mut i32) (i32.const 0)) (func (export "next") (result i32)
            (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))"#,
    );
    let sandbox = Sandbox::new(Limits::default());
    let module = Module::new(&wasm).expect("the guest is valid");
    let pool = pool(&sandbox);
    let mut here = sandbox.instantiate(&module).expect("it starts");
    let mut there = pool
        .instantiate(&WorkerModule::new(wasm))
        .expect("it starts");
    let timings = compare(vec![
        Contender::new("in process", || {
            black_box(here.call::<_, i32>("next", ())).expect("it runs");
        }),
        Contender::new("in a worker", || {
            black_box(there.call::<_, i32>("next", ())).expect("it runs");
        }),
    ]);
    show("a call of an instance that is kept", &timings);
}

fn median(timing: &Timing) -> f64 {
    let mut nanos = timing.nanos.clone();
    nanos.sort_by(f64::total_cmp);
    nanos.get(nanos.len() / 2).copied().unwrap_or(f64::NAN)
}

fn fastest(timing: &Timing) -> f64 {
    timing.nanos.iter().copied().fold(f64::INFINITY, f64::min)
}

/// The fastest round says what it costs, the median what else the machine did.
fn show(what: &str, timings: &[Timing]) {
    println!("{what}: us, the fastest round and the median");
    let line = |name: &str, fastest: f64, median: f64| {
        let [fastest, median] = [fastest, median].map(|nanos| nanos / 1_000.0);
        println!("    {name:12} {fastest:10.2}   {median:10.2}");
    };
    for timing in timings {
        line(timing.name, fastest(timing), median(timing));
    }
    if let [here, there] = timings {
        let more = |of: fn(&Timing) -> f64| of(there) - of(here);
        line("more", more(fastest), more(median));
    }
}
