//! Instances that live in worker processes.

use super::{
    module,
    told::{self, guest},
};
use fuelbox::{
    CallLimits, Error, Limits, Sandbox, Stop, WorkerEnd,
    worker::{WorkerError, WorkerPool, WorkerSpec},
};
use std::time::{Duration, Instant};

const COUNTER: &str = r#"(module
    (global $n (mut i32) (i32.const 0))
    (func (export "_initialize") (global.set $n (i32.const 40)))
    (func (export "next") (result i32)
        (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
    (func (export "trap") unreachable)
    (func (export "loop") (loop (br 0))))"#;

fn pool() -> WorkerPool {
    super::pool(&Sandbox::new(Limits::default()), 1)
}

#[test]
fn an_instance_keeps_its_state_from_call_to_call_beside_others() {
    let pool = pool();
    let counter = module(COUNTER);
    let mut one = pool.instantiate(&counter).expect("it starts");
    let mut other = pool.instantiate(&counter).expect("it starts");
    assert!(one.initialization().usage.fuel > 0);
    assert_ne!(one.process_id(), other.process_id());
    assert_eq!(one.call("next", ()), Ok(41));
    assert_eq!(one.call("next", ()), Ok(42));
    assert_eq!(other.call("next", ()), Ok(41));
    // Runs go on, in an instance of their own.
    assert_eq!(pool.call(&counter, "next", ()), Ok(41));
    assert_eq!(one.call("next", ()), Ok(43));
}

#[test]
fn a_call_that_is_refused_ends_nothing_and_one_that_stops_ends_the_instance() {
    let pool = pool();
    let mut instance = pool.instantiate(&module(COUNTER)).expect("it starts");
    let refused = instance.call::<_, i64>("next", ());
    assert!(matches!(
        refused,
        Err(WorkerError::Refused(Error::ExportType { .. }))
    ));
    assert_eq!(instance.call("next", ()), Ok(41));

    let quick = CallLimits::default().deadline(Duration::from_millis(5));
    let call = fuelbox::Call::export("loop").limits(quick);
    let report = instance.run(call).expect("it runs");
    let stop = report.stop().expect("it loops").clone();
    assert_eq!(stop.code(), "deadline");
    assert!(!instance.is_alive());
    let stopped = Error::InstanceStopped { stop: stop.into() };
    assert_eq!(instance.call::<_, i32>("next", ()), Err(stopped.into()));
}

#[test]
fn code_that_stops_while_an_instance_is_made_is_told() {
    let traps = module(r#"(module (func (export "_initialize") unreachable))"#);
    let error = pool().instantiate(&traps).expect_err("it traps");
    let WorkerError::Stopped(report) = error else {
        panic!("{error}");
    };
    assert_eq!(report.outcome.code(), "trap-unreachable");
}

#[test]
fn an_instance_whose_worker_is_killed_says_so_and_others_go_on() {
    let pool = pool();
    let counter = module(COUNTER);
    let mut killed = pool.instantiate(&counter).expect("it starts");
    let mut other = pool.instantiate(&counter).expect("it starts");
    let id = killed.process_id().expect("it lives").to_string();
    let kill = std::process::Command::new("kill")
        .args(["-9", &id])
        .status();
    assert!(kill.is_ok_and(|status| status.success()));
    let report = match killed.run(fuelbox::Call::export("next")) {
        Ok(report) => report,
        Err(error) => panic!("{error}"),
    };
    let how = WorkerEnd::Signal { number: 9 };
    assert_eq!(report.stop(), Some(&Stop::Worker { how }));
    assert!(!killed.is_alive() && killed.process_id().is_none());
    let later = killed.call::<_, i32>("next", ());
    assert!(matches!(
        later,
        Err(WorkerError::Refused(Error::InstanceStopped { .. }))
    ));
    assert_eq!(other.call("next", ()), Ok(41));
}

#[test]
fn no_more_instances_live_than_may_and_a_dropped_one_makes_room() {
    let spec = WorkerSpec::new(&Sandbox::new(Limits::default())).expect("it is data");
    let options = super::options().instances(1);
    let pool = WorkerPool::with_options(spec, 1, options).expect("workers can be started");
    let counter = module(COUNTER);
    let first = pool.instantiate(&counter).expect("it starts");
    let second = pool.instantiate(&counter);
    let limit = 1;
    assert_eq!(
        second.expect_err("one lives"),
        WorkerError::Instances { limit }
    );
    drop(first);
    let mut third = pool.instantiate(&counter).expect("there is room");
    // It is no other's leftover.
    assert_eq!(third.call("next", ()), Ok(41));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test that fails must end")]
fn an_instance_outlives_its_pool() {
    let pool = pool();
    let mut instance = pool.instantiate(&module(COUNTER)).expect("it starts");
    drop(pool);
    assert_eq!(instance.call("next", ()), Ok(41));
    let id = instance.process_id().expect("it lives");
    drop(instance);
    let gone = || !std::path::Path::new(&format!("/proc/{id}")).exists();
    let begun = Instant::now();
    while !gone() {
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "{id} is still there"
        );
        std::thread::yield_now();
    }
}

#[test]
fn workers_that_end_again_and_again_are_started_again_and_no_run_waits_for_ever() {
    let options = told::options().quarantine(u32::MAX, Duration::ZERO);
    let pool = told::pool(1, options);
    for _ in 0..6 {
        let report = pool.run(&guest("abort"), []).expect("it runs");
        assert_eq!(report.outcome.code(), "worker");
    }
    assert!(
        pool.run(&guest("nothing"), [])
            .is_ok_and(|report| report.is_success())
    );
}
