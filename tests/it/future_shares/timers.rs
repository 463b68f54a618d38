//! What wakes a guest that sleeps or waits.

use super::{MICRO, MILLI, drive};
use crate::harness::{SLEEPER, clock::Hand, module, roomy, timeless};
use fuelbox::{
    Call, Execution, Sandbox, Value,
    capability::{Clock, Wasi, pipe},
};
use std::{
    future::{Future, IntoFuture, pending, poll_fn, ready},
    io::Write,
    pin::pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
    time::Duration,
};

/// Waits until there is something to read.
pub(super) const READER: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\40\00\00\00\04\00\00\00")
    (func (export "_start")
        (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 4)))))"#;

/// Sleeps for 50 ms, works for several polls, and sleeps for 20 ms.
const SLEEPS_TWICE: &str = r#"(module
    (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 16) "\01")
    (func $sleep (param i64)
        (i64.store (i32.const 24) (local.get 0))
        (drop (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128))))
    (func (export "_start") (local $n i32)
        (call $sleep (i64.const 50000000))
        (loop $again (br_if $again (i32.lt_u
            (local.tee $n (i32.add (local.get $n) (i32.const 1)))
            (i32.const 4000000))))
        (call $sleep (i64.const 20000000))))"#;

pub(super) fn sleeper(hand: &Hand, time: Duration) -> Execution {
    let nanos = i64::try_from(time.as_nanos()).expect("it is short");
    let sandbox =
        Sandbox::with_clock(roomy(), hand.clock()).grant(Wasi::new().clock(Clock::system()));
    let call = Call::export("sleep").values(vec![Value::I64(nanos)]);
    sandbox.start(&module(SLEEPER), call).expect("it starts")
}

#[test]
fn a_guest_that_sleeps_is_woken_by_the_timer_and_not_polled_before() {
    let hand = Hand::default();
    let asked = Arc::<Mutex<Vec<Duration>>>::default();
    let timer = {
        let (hand, asked) = (hand.clone(), asked.clone());
        move |time: Duration| {
            asked.lock().expect("nobody panics").push(time);
            let (clock, mut is_over) = (hand.clone(), false);
            poll_fn(move |context| {
                if is_over {
                    return Poll::Ready(());
                }
                // The time passes until the executor polls again.
                clock.advance(time);
                is_over = true;
                context.waker().wake_by_ref();
                Poll::Pending
            })
        }
    };
    let run = sleeper(&hand, 50 * MILLI)
        .into_future()
        .timer(timer.clone());
    let (finished, polls) = drive(run);
    // One to begin to sleep, one to see that its time has come, one to go on.
    assert_eq!((finished.report.stop(), polls), (None, 3));
    assert_eq!(*asked.lock().expect("nobody panics"), [50 * MILLI]);
    assert_eq!(finished.report.usage.time, 50 * MILLI);

    // That somebody can cancel it wakes it no sooner.
    asked.lock().expect("nobody panics").clear();
    let mut execution = sleeper(&hand, 25 * MILLI);
    let _token = execution.cancel_token();
    let (finished, polls) = drive(execution.into_future().timer(timer));
    assert_eq!((finished.report.stop(), polls), (None, 3));
    assert_eq!(*asked.lock().expect("nobody panics"), [25 * MILLI]);
}

#[test]
fn a_guest_that_goes_on_before_its_timer_has_another_for_its_next_sleep() {
    let hand = Hand::default();
    let sandbox =
        Sandbox::with_clock(roomy(), hand.clock()).grant(Wasi::new().clock(Clock::system()));
    let execution = sandbox.start(&module(SLEEPS_TWICE), []);
    let execution = execution.expect("it starts");
    let asked = Arc::<Mutex<Vec<Duration>>>::default();
    let timer = {
        let asked = asked.clone();
        move |time: Duration| {
            asked.lock().expect("nobody panics").push(time);
            pending::<()>()
        }
    };
    let mut run = pin!(execution.into_future().timer(timer));
    let mut poll = || run.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert!(poll().is_pending());
    hand.advance(50 * MILLI);
    for _ in 0..10 {
        assert!(poll().is_pending());
    }
    hand.advance(20 * MILLI);
    // One poll to see that its time has come, one to go on.
    assert!((0..2).any(|_| poll().is_ready()));
    let expected = [50, 20].map(|time| MILLI * time);
    assert_eq!(*asked.lock().expect("nobody panics"), expected);
}

#[test]
fn a_guest_that_waits_for_input_asks_every_millisecond() {
    let (reader, writer) = pipe();
    let sandbox = timeless(roomy()).grant(Wasi::new().stdin(reader));
    let execution = sandbox.start(&module(READER), []).expect("it starts");
    let times = Arc::<Mutex<Vec<Duration>>>::default();
    let timer = {
        let (times, writer) = (times.clone(), Mutex::new(writer));
        move |time| {
            let mut times = times.lock().expect("nobody panics");
            times.push(time);
            if times.len() == 3 {
                let mut writer = writer.lock().expect("nobody panics");
                writer.write_all(b"ahoy").expect("it is read");
            }
            ready(())
        }
    };
    let (finished, _) = drive(execution.into_future().timer(timer));
    assert_eq!(finished.report.status(), Some(0));
    assert_eq!(*times.lock().expect("nobody panics"), [MILLI; 3]);
}

#[test]
fn without_a_timer_a_guest_that_sleeps_polls_in_short_sleeps() {
    let hand = Hand::default();
    let (finished, polls) = drive(sleeper(&hand, 400 * MICRO).into_future());
    // The first begins to sleep; the clock stands still, so each nap counts as 40 us.
    assert_eq!((finished.report.stop(), polls), (None, 11));
    assert_eq!(finished.report.usage.time, 400 * MICRO);
}
