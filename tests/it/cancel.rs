//! A token cancels the run that it was taken from, and no other.

use crate::harness::{clock::Hand, code, module, roomy, same_but_for_time, timeless};
use fuelbox::{CancelToken, Function, MonotonicClock, Report, Sandbox, Slice, Step};
use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

const ENDLESS: &str = r#"(module (func (export "_start") (loop $again (br $again))))"#;

/// Calls the host for ever, or as often as it says.
const WORK: &str = r#"(module
    (import "host" "work" (func $work (result i32)))
    (func (export "_start") (loop $again (br_if $again (call $work)))))"#;

#[test]
fn cancelled_before_it_begins_a_run_does_nothing() {
    let module = module(r#"(module (func (export "_start") unreachable))"#);
    let mut execution = timeless(roomy()).start(&module, []).expect("it starts");
    let cancel = execution.cancel_token();
    cancel.cancel();
    cancel.cancel();
    assert!(cancel.is_cancelled());
    assert_eq!(execution.step(Slice::fuel(u64::MAX)), Step::Done);
    let report = execution.finish().report;
    assert_eq!(code(&report), "cancelled");
    assert_eq!((report.usage.fuel, report.usage.slices), (0, 0));
}

#[test]
fn cancelled_from_a_host_function_a_run_stops_when_that_returns() {
    let module = module(
        r#"(module (import "host" "cancel" (func $cancel))
            (func (export "_start") (call $cancel) (loop $again (br $again))))"#,
    );
    let (send, receive) = std::sync::mpsc::channel::<CancelToken>();
    let receive = std::sync::Mutex::new(receive);
    let sandbox = timeless(roomy()).grant(Function::new("host", "cancel", move || {
        let receive = receive.lock().expect("nobody panics");
        receive.recv().expect("the token was sent").cancel();
    }));
    let mut execution = sandbox.start(&module, []).expect("it starts");
    send.send(execution.cancel_token()).expect("it is received");
    let report = execution.finish().report;
    assert_eq!(code(&report), "cancelled");
    assert!(report.usage.fuel < 10_000_000, "{} fuel", report.usage.fuel);
}

#[test]
fn a_run_that_is_over_stays_as_it_was() {
    let module = module(r#"(module (func (export "_start")))"#);
    let sandbox = timeless(roomy());
    let mut execution = sandbox.start(&module, []).expect("it starts");
    let cancel = execution.cancel_token();
    assert_eq!(execution.step(Slice::fuel(u64::MAX)), Step::Done);
    cancel.cancel();
    assert_eq!(code(&execution.finish().report), "finished");
    let next = sandbox.run(&module, []).expect("it starts");
    assert_eq!(code(&next), "finished");
}

#[test]
fn the_other_run_goes_on() {
    let module = module(ENDLESS);
    let sandbox = timeless(roomy());
    let mut one = sandbox.start(&module, []).expect("it starts");
    let mut other = sandbox.start(&module, []).expect("it starts");
    one.cancel_token().cancel();
    assert!(!other.cancel_token().is_cancelled());
    assert_eq!(one.step(Slice::fuel(1_000)), Step::Done);
    assert_eq!(other.step(Slice::fuel(1_000)), Step::Paused);
}

#[test]
fn a_guest_whose_calls_are_slow_by_the_clock_is_cancelled_after_the_call_in_progress() {
    const CANCELLED_AT: u64 = 1_000;
    let hand = Hand::default();
    let token: Arc<OnceLock<CancelToken>> = Arc::default();
    let calls = AtomicU64::new(0);
    let work = {
        let (hand, token) = (hand.clone(), token.clone());
        move || {
            hand.advance(Duration::from_micros(10));
            if calls.fetch_add(1, Ordering::Relaxed) + 1 == CANCELLED_AT {
                token.get().expect("it was taken").cancel();
            }
            1
        }
    };
    let sandbox = Sandbox::with_clock(roomy(), hand.clock());
    let mut execution = sandbox
        .grant(Function::new("host", "work", work))
        .start(&module(WORK), [])
        .expect("it starts");
    let taken = token.set(execution.cancel_token());
    taken.expect("it was taken once");
    let report = execution.finish().report;
    assert_eq!(code(&report), "cancelled");
    assert_eq!(report.usage.host_calls, CANCELLED_AT);
}

#[test]
fn slices_follow_the_clock_and_do_not_show() {
    let slow = |with_token| {
        let hand = Hand::default();
        thousand_calls(hand.clock(), hand, with_token)
    };
    let (slow_with_token, slow_without) = (slow(true), slow(false));
    let still = thousand_calls(|| Duration::ZERO, Hand::default(), true);
    let jumps = Hand::default();
    let jumping = move || match jumps.advance(Duration::from_secs(3_600)).as_secs() / 3_600 % 3 {
        0 => Duration::ZERO,
        1 => Duration::from_secs(3_600),
        _ => Duration::from_secs(u64::from(u32::MAX)),
    };
    let jumping = thousand_calls(jumping, Hand::default(), true);

    let slices = |report: &Report| report.usage.slices;
    // Some 20 calls of 10 us each to a slice, with a token and without.
    for slow in [&slow_with_token, &slow_without].map(slices) {
        assert!((40..=100).contains(&slow), "{slow} slices");
    }
    assert!(slices(&still) <= 10, "{} slices", slices(&still));
    assert!(slices(&jumping) <= 2_000, "{} slices", slices(&jumping));

    let expected = same_but_for_time(slow_without);
    assert_eq!(
        (code(&expected), expected.usage.host_calls),
        ("finished", 1_000)
    );
    for report in [slow_with_token, still, jumping] {
        assert_eq!(same_but_for_time(report), expected);
    }
}

/// A thousand calls that move `hand` by 10 us each.
fn thousand_calls(clock: impl MonotonicClock + 'static, hand: Hand, with_token: bool) -> Report {
    let calls = AtomicU64::new(0);
    let work = move || {
        hand.advance(Duration::from_micros(10));
        i32::from(calls.fetch_add(1, Ordering::Relaxed) < 999)
    };
    let mut execution = Sandbox::with_clock(roomy(), clock)
        .grant(Function::new("host", "work", work))
        .start(&module(WORK), [])
        .expect("it starts");
    let _token = with_token.then(|| execution.cancel_token());
    execution.finish().report
}
