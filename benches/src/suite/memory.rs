//! Memories that are lent, beside those that move: starts, heaps that grow, and how late a cancel is.

use super::Field;
use crate::{
    engine::{Engine as _, FLOOR, MOVING, NOT_KEPT, OURS, cancel_during, plain::Plain},
    guest,
    results::Results,
    rounds::{Contender, compare},
    stopwatch,
};
use fuelbox::{GrowthDenial, Limits, Module, Sandbox, keep_memory};
use std::{hint::black_box, time::Duration};

/// What a process keeps here, so that a guest of 64 MiB finds all of it.
const KEPT: u64 = 256 << 20;

/// When a run is cancelled.
const AFTER: Duration = Duration::from_millis(3);

/// Runs that are cancelled; the 99th of 100 is the one before the last.
const CANCELS: usize = 101;

/// All of it.
pub(super) fn memory(field: &Field) {
    let mut results = Results::new(field.set, "memory");
    for (name, wasm) in [
        ("1 page", guest::nothing(1)),
        ("17 pages", guest::nothing(17)),
        ("256 pages", guest::nothing(256)),
        ("1,024 pages", guest::nothing(1_024)),
        ("a heap grown by a page 495 times", guest::parse(HEAP)),
        ("10,000 growths by nothing", guest::parse(NOTHING)),
    ] {
        compare_runs(&mut results, name, &wasm);
    }
    for (name, wasm) in guest::COMPUTING {
        compare_runs(&mut results, name, wasm);
    }
    for (name, wasm) in guest::endless() {
        if ["growths", "64 MiB fills", "64 MiB copies"].contains(&name) {
            cancels(&mut results, name, &wasm);
        }
    }
    results.write();
}

fn compare_runs(results: &mut Results, name: &str, wasm: &[u8]) {
    let sandbox = Sandbox::new(Limits::default().deadline(Duration::from_secs(3_600)));
    let lent = Module::new(wasm).expect("the guest is valid");
    let moving = Module::builder().own_memories().build(wasm);
    let moving = moving.expect("the guest is valid");
    let plain = Plain { metered: true }.compile(wasm);
    let run = |module: &Module| {
        let report = sandbox.run(module, "").expect("it starts");
        assert_eq!(black_box(report).status(), Some(0));
    };
    let ours = Contender::new(OURS, || run(&lent));
    let plain = || Contender::new(FLOOR, || assert_eq!(black_box(plain.run()), 0));
    let moving = Contender::new(MOVING, || run(&moving));
    keep_memory(KEPT);
    results.add_timings(name, compare(vec![ours, moving, plain()]));
    let fresh = Contender::new(NOT_KEPT, || {
        forget_kept();
        run(&lent);
    });
    let name = format!("{name}, nothing kept");
    results.add_timings(&name, compare(vec![fresh, plain()]));
}

/// Gives back what is kept, so that the next guest has a block that nobody had before.
fn forget_kept() {
    keep_memory(0);
    keep_memory(KEPT);
}

/// How long a guest goes on after another thread has cancelled it.
fn cancels(results: &mut Results, name: &str, wasm: &[u8]) {
    let limits = Limits::default()
        .deadline(Duration::from_secs(3_600))
        .memory_bytes(1 << 30)
        .growth_denial(GrowthDenial::Refuse);
    let sandbox = Sandbox::new(limits);
    let lent = Module::new(wasm).expect("the guest is valid");
    let moving = Module::builder().own_memories().build(wasm);
    let moving = moving.expect("the guest is valid");
    let mut all = [
        (OURS, &lent, false),
        (NOT_KEPT, &lent, true),
        (MOVING, &moving, false),
    ]
    .map(|side| (side, Vec::new()));
    for _ in 0..if stopwatch::is_test() { 1 } else { CANCELS } {
        for ((_, module, forgets), samples) in &mut all {
            if *forgets {
                forget_kept();
            }
            let mut execution = sandbox.start(module, "").expect("it starts");
            let token = execution.cancel_token();
            let late = cancel_during(AFTER, move || token.cancel(), || drop(execution.finish()));
            samples.extend(late.map(|time| time.as_nanos() as f64));
        }
    }
    for ((side, ..), samples) in all {
        results.add(&format!("cancel: {name}"), "ns", side, samples);
    }
}

/// A heap as allocators grow it: each page is used once it is there.
const HEAP: &str = r#"(module
  (memory (export "memory") 17)
  (func (export "execute") (param i32 i32) (result i32) (local $left i32) (local $page i32)
    (local.set $left (i32.const 495))
    (loop $again
      (local.set $page (memory.grow (i32.const 1)))
      (i32.store (i32.mul (local.get $page) (i32.const 65536)) (i32.const 1))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (i32.const 0)))"#;

/// What a growth costs beside its bytes.
const NOTHING: &str = r#"(module
  (memory (export "memory") 1)
  (func (export "execute") (param i32 i32) (result i32) (local $left i32)
    (local.set $left (i32.const 10000))
    (loop $again
      (drop (memory.grow (i32.const 0)))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (i32.const 0)))"#;
