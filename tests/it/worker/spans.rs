//! What a run in a worker tells to `tracing`: what a run here does, and which worker it was.

use super::told::{self, guest};
use crate::{harness::roomy, tracing::recorded};
use fuelbox::{
    Limits, Module, Sandbox, protocol,
    worker::{WorkerError, WorkerModule, WorkerPool},
};
use std::time::Duration;

const LOGS: &str = r#"(module (import "env" "host_log" (func $log (param i32 i32)))
    (memory (export "memory") 1) (data (i32.const 0) "hello")
    (func (export "_start") (call $log (i32.const 0) (i32.const 5))))"#;

fn has(lines: &[String], part: &str) {
    let found = lines.iter().any(|line| line.contains(part));
    assert!(found, "{part} is not in {lines:#?}");
}

/// Those lines that are not about time, nor about a worker.
fn comparable(lines: Vec<String>) -> Vec<String> {
    let parts = ["record time", "record overrun", "record worker"];
    let is_left_out = |line: &String| parts.iter().any(|part| line.starts_with(part));
    let lines = lines.into_iter().filter(|line| !is_left_out(line));
    let mut lines: Vec<_> = lines
        .map(|line| match line.split_once(" message=") {
            // Without where in the source it is told.
            Some((_, message)) => format!("event {message}"),
            None => line,
        })
        .collect();
    // Whether a log line is told during the run or at its end is up to where it runs.
    lines.sort();
    lines
}

#[test]
fn a_run_in_a_worker_is_the_span_of_a_run_here_and_the_number_of_the_worker() {
    let limits = roomy().deadline(Duration::from_secs(60));
    let sandbox = Sandbox::new(limits.fuel(1_234)).grant(protocol());
    let here = Module::from_wat(LOGS).expect("it is valid");
    let (_, here) = recorded(|| sandbox.run(&here, []).expect("it starts"));
    let pool = super::pool(&sandbox, 1);
    let module = super::module(LOGS);
    let (_, there) = recorded(|| pool.run(&module, []).expect("it starts"));
    let id = pool.process_ids().first().copied().expect("there is one");
    has(&there, &format!("record worker={id}"));
    has(&there, "fuel_limit=1234");
    has(&there, "event DEBUG fuelbox::guest");
    assert_eq!(comparable(here), comparable(there));
}

#[test]
fn however_a_run_in_a_worker_ends_its_span_says_how() {
    let pool = told::pool(1, told::options().quarantine(u32::MAX, Duration::ZERO));
    let (_, lines) = recorded(|| pool.run(&guest("exit"), []).expect("it is reported"));
    for part in [
        "span INFO fuelbox run",
        "record outcome=\"stopped\"",
        "record code=\"worker\"",
        "record phase=",
        "event WARN fuelbox",
    ] {
        has(&lines, part);
    }
    let refused = WorkerModule::new(b"no module".as_slice());
    let (_, lines) = recorded(|| pool.run(&refused, []).expect_err("it is none"));
    for part in [
        "span INFO fuelbox run",
        "record outcome=\"refused\"",
        "record code=\"invalid-module\"",
        "event DEBUG fuelbox",
    ] {
        has(&lines, part);
    }
}

#[test]
fn a_run_that_gets_no_worker_is_refused_in_its_span() {
    let pool = told::pool(1, told::options().quarantine(1, Duration::from_secs(600)));
    pool.run(&guest("exit"), []).expect("it is reported");
    let run = || pool.run(&guest("exit"), []);
    let (refused, lines) = recorded(|| run().expect_err("it is kept out"));
    assert!(matches!(refused, WorkerError::Quarantined { .. }));
    has(&lines, "record outcome=\"refused\"");
    has(&lines, "event WARN fuelbox");
}

#[test]
fn making_an_instance_in_a_worker_and_each_call_of_it_is_a_span() {
    let counts = r#"(module (global $n (mut i32) (i32.const 0)) (func (export "next") (result i32)
        (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))"#;
    let pool: WorkerPool = super::pool(&Sandbox::new(Limits::default()), 1);
    let module = super::module(counts);
    let (_, lines) = recorded(|| {
        let mut instance = pool.instantiate(&module).expect("it is made");
        assert_eq!(instance.call("next", ()), Ok(1));
        assert_eq!(instance.call("next", ()), Ok(2));
    });
    for (part, count) in [
        ("span INFO fuelbox run", 3),
        ("record worker=", 3),
        ("record outcome=\"finished\"", 3),
    ] {
        let found = lines.iter().filter(|line| line.starts_with(part));
        assert_eq!(found.count(), count, "{part}: {lines:#?}");
    }
}
