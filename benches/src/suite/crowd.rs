//! Many guests at once: what each holds, and what threads add.

use super::{Field, compiling::status_bytes, threads};
use crate::{engine::OURS, guest, results::Results, stopwatch};
use fuelbox::{Execution, Limits, Module, Sandbox, Scheduler, Slice, Step};
use std::time::Duration;

/// Guests that are suspended together.
const GUESTS: usize = 10_000;

/// Fuel of a slice where guests take turns.
const SLICE_FUEL: u64 = 1_000;

/// Runs one after the other, in which resident memory must not grow.
const RUNS: u64 = 1_000_000;

const ROUNDS: usize = 11;

/// Suspended guests, threads, and a million runs.
pub(super) fn crowd(field: &Field) {
    let mut results = Results::new(field.set, "crowd");
    suspended(&mut results);
    threads::threads(&mut results);
    many_runs(&mut results);
    results.write();
}

fn suspended(results: &mut Results) {
    let module = Module::new(endless()).expect("the guest is valid");
    let sandbox = Sandbox::new(Limits::default().deadline(Duration::from_secs(3_600)));
    let guests = if stopwatch::is_test() { 10 } else { GUESTS };
    let before = resident_bytes();
    let mut executions: Vec<_> = (0..guests)
        .map(|_| sandbox.start(&module, "").expect("it starts"))
        .collect();
    for execution in &mut executions {
        assert_eq!(execution.step(Slice::fuel(SLICE_FUEL)), Step::Paused);
    }
    if let (Some(before), Some(after)) = (before, resident_bytes()) {
        let each = after.saturating_sub(before) as f64 / guests as f64;
        results.add("a suspended guest", "bytes", OURS, vec![each]);
    }
    let turns = (0..ROUNDS)
        .map(|_| {
            let nanos = stopwatch::nanos(|| {
                for execution in &mut executions {
                    assert_eq!(execution.step(Slice::fuel(SLICE_FUEL)), Step::Paused);
                }
            });
            nanos / guests as f64
        })
        .collect();
    results.add("a slice of 1,000 fuel, in turn", "ns", OURS, turns);
    scheduled(results, executions, before);
}

/// The same guests in a scheduler.
fn scheduled(results: &mut Results, executions: Vec<Execution>, before: Option<u64>) {
    let mut scheduler = Scheduler::new();
    let guests = executions.len();
    for execution in executions {
        scheduler.add(execution);
    }
    assert_eq!(scheduler.round(SLICE_FUEL), Step::Paused);
    if let (Some(before), Some(after)) = (before, resident_bytes()) {
        let each = after.saturating_sub(before) as f64 / guests as f64;
        results.add("a guest in a scheduler", "bytes", OURS, vec![each]);
    }
    let rounds = (0..ROUNDS)
        .map(|_| {
            let nanos = stopwatch::nanos(|| {
                assert_eq!(scheduler.round(SLICE_FUEL), Step::Paused);
            });
            nanos / guests as f64
        })
        .collect();
    results.add("1,000 fuel in a round of a scheduler", "ns", OURS, rounds);
}

/// A guest of one page that never ends.
fn endless() -> Vec<u8> {
    guest::parse(
        r#"(module
          (memory (export "memory") 1)
          (func (export "execute") (param i32 i32) (result i32) (local $n i32)
            (loop $again
              (i32.store (i32.const 0) (local.tee $n (i32.add (local.get $n) (i32.const 1))))
              (br $again))
            unreachable))"#,
    )
}

/// Resident memory before and after a million runs that read and write.
fn many_runs(results: &mut Results) {
    let module = Module::new(guest::parse(guest::ECHO)).expect("the guest is valid");
    let sandbox = Sandbox::new(Limits::default()).grant(fuelbox::protocol());
    let runs = if stopwatch::is_test() { 100 } else { RUNS };
    let run = || {
        let report = sandbox.run(&module, "a line of input").expect("it starts");
        assert_eq!(report.output.len(), 15);
    };
    // What is allocated once is there after some.
    for _ in 0..runs / 100 {
        run();
    }
    let before = resident_bytes();
    for _ in 0..runs {
        run();
    }
    if let (Some(before), Some(after)) = (before, resident_bytes()) {
        let growth = after as f64 - before as f64;
        results.add("growth in a million runs", "bytes", OURS, vec![growth]);
    }
}

fn resident_bytes() -> Option<u64> {
    status_bytes("VmRSS:")
}
