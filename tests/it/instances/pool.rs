//! Instances that are made ahead.

use super::snapshots::sandbox;
use crate::harness::module;
use fuelbox::{CallError, Function, Pool, Sandbox};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// A sandbox that counts the guests that begin in it.
fn counting() -> (Sandbox, Arc<AtomicU64>) {
    let begun = Arc::<AtomicU64>::default();
    let count = begun.clone();
    let begin = move || {
        count.fetch_add(1, Ordering::Relaxed);
    };
    let sandbox = sandbox().grant(Function::new("host", "begin", begin));
    (sandbox, begun)
}

const COUNTER: &str = r#"(module
    (import "host" "begin" (func $begin))
    (global $n (mut i32) (i32.const 0))
    (start $begin)
    (func (export "add") (param i32) (result i32)
        (global.set $n (i32.add (global.get $n) (local.get 0))) (global.get $n)))"#;

#[test]
fn what_was_made_ahead_is_taken_and_nothing_is_made_unasked() {
    let (sandbox, begun) = counting();
    let begun = || begun.load(Ordering::Relaxed);
    let mut pool = Pool::new(&sandbox, &module(COUNTER), 3);
    assert_eq!((pool.ready(), begun()), (0, 0));
    pool.refill().expect("all of them start");
    assert_eq!((pool.ready(), begun()), (3, 3));
    for left in [2, 1, 0] {
        let mut instance = pool.take().expect("it is there");
        assert_eq!((pool.ready(), begun()), (left, 3));
        // Each has a state of its own.
        assert_eq!(instance.call("add", 7), Ok(7));
    }
    // Where none is left, one is made.
    let mut instance = pool.take().expect("it starts");
    assert_eq!((pool.ready(), begun()), (0, 4));
    assert_eq!(instance.call("add", 7), Ok(7));
}

#[test]
fn a_pool_is_refilled_one_by_one_up_to_its_size() {
    let (sandbox, begun) = counting();
    let mut pool = Pool::new(&sandbox, &module(COUNTER), 2);
    assert_eq!(pool.refill_one(), Ok(true));
    assert_eq!(pool.refill_one(), Ok(true));
    assert_eq!(pool.refill_one(), Ok(false));
    assert_eq!((pool.ready(), begun.load(Ordering::Relaxed)), (2, 2));
    let mut none = Pool::new(&sandbox, &module(COUNTER), 0);
    assert_eq!(none.refill(), Ok(()));
    assert!(none.take().expect("it starts").is_alive());
}

#[test]
fn a_guest_that_does_not_begin_is_told_by_whoever_makes_it() {
    let traps = module("(module (func $f unreachable) (start $f))");
    let mut pool = Pool::new(&sandbox(), &traps, 2);
    let is_trap = |error: CallError| matches!(error, CallError::Stopped(_));
    assert!(pool.refill().is_err_and(is_trap));
    assert!(pool.take().is_err_and(is_trap));
    assert_eq!(pool.ready(), 0);
}
