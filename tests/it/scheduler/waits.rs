//! Guests that wait: they cost nothing, and go on when what they wait for has come.

use super::{MICRO, MILLI, endless};
use crate::harness::{SLEEPER, clock::Hand, code, module, roomy, timeless};
use fuelbox::{
    Call, ExecutionId, Function, Limits, MonotonicClock, Priority, Sandbox, Scheduler, Share, Step,
    Value, ValueType, Wait,
    capability::{Clock, Wasi, pipe},
};
use std::{
    io::Write,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// Asks n times, and returns the sum of the answers.
const ASKER: &str = r#"(module
    (import "env" "ask" (func $ask (param i32) (result i32)))
    (func (export "sum") (param $n i32) (result i32) (local $sum i32)
        (loop $again
            (local.set $sum (i32.add (local.get $sum) (call $ask (local.get $n))))
            (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (local.get $sum)))"#;

/// Waits until there is something to read.
const READER: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\40\00\00\00\04\00\00\00")
    (func (export "read") (result i32)
        (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 4))))"#;

const HOST: Step = Step::Waiting(Wait::Time);

fn asker(scheduler: &mut Scheduler, clock: impl MonotonicClock + 'static, n: i32) -> ExecutionId {
    asker_within(scheduler, clock, n, endless())
}

fn asker_within(
    scheduler: &mut Scheduler,
    clock: impl MonotonicClock + 'static,
    n: i32,
    limits: Limits,
) -> ExecutionId {
    let ask = Function::waiting("env", "ask", &[ValueType::I32], &[ValueType::I32]);
    let sandbox = Sandbox::with_clock(limits, clock).grant(ask);
    let call = Call::export("sum").args(n);
    scheduler.add(sandbox.start(&module(ASKER), call).expect("it starts"))
}

fn sleeper(scheduler: &mut Scheduler, hand: &Hand, time: Duration) -> ExecutionId {
    let nanos = i64::try_from(time.as_nanos()).expect("it is short");
    let sandbox =
        Sandbox::with_clock(endless(), hand.clock()).grant(Wasi::new().clock(Clock::system()));
    let call = Call::export("sleep").values(vec![Value::I64(nanos)]);
    scheduler.add(sandbox.start(&module(SLEEPER), call).expect("it starts"))
}

fn finished(scheduler: &mut Scheduler) -> Vec<ExecutionId> {
    std::iter::from_fn(|| scheduler.finished())
        .map(|(id, finished)| {
            assert_eq!(finished.report.stop(), None);
            id
        })
        .collect()
}

#[test]
fn a_guest_that_sleeps_goes_on_in_the_first_turn_after_its_time() {
    let hand = Hand::default();
    let mut scheduler = Scheduler::with_clock(hand.clock());
    let ids = [30, 10, 20].map(|time| sleeper(&mut scheduler, &hand, MILLI * time));
    assert_eq!(scheduler.turn(MILLI), Step::Waiting(Wait::Time));
    for (at, woken) in [(10, ids[1]), (20, ids[2]), (30, ids[0])] {
        assert_eq!(scheduler.wake_at(), Some(MILLI * at));
        hand.advance(10 * MILLI - MICRO);
        scheduler.turn(MILLI);
        assert_eq!(finished(&mut scheduler), []);
        hand.advance(MICRO);
        scheduler.turn(MILLI);
        assert_eq!(finished(&mut scheduler), [woken]);
    }
    assert_eq!(scheduler.wake_at(), None);
    assert_eq!(scheduler.turn(MILLI), Step::Done);
}

#[test]
fn a_guest_that_waits_costs_nothing_not_even_a_look_at_its_clock() {
    let (hand, looks) = (Hand::default(), Arc::new(AtomicU64::new(0)));
    let mut scheduler = Scheduler::with_clock(hand.clock());
    for _ in 0..10 {
        let looks = looks.clone();
        let clock = move || {
            looks.fetch_add(1, Ordering::Relaxed);
            Duration::ZERO
        };
        asker(&mut scheduler, clock, 1);
    }
    assert_eq!(scheduler.turn(MILLI), HOST);
    let before = looks.load(Ordering::Relaxed);
    assert!(before > 0);
    for _ in 0..10 {
        assert_eq!(scheduler.turn(MILLI), HOST);
        assert_eq!(scheduler.round(1_000), HOST);
    }
    assert_eq!(looks.load(Ordering::Relaxed), before);
}

#[test]
fn each_question_is_told_once_and_answered_any_turns_later() {
    let mut scheduler = Scheduler::with_clock(crate::harness::clock::still());
    let ids = [3, 1].map(|n| asker(&mut scheduler, crate::harness::clock::still(), n));
    let asking = |scheduler: &mut Scheduler| {
        assert_ne!(scheduler.round(100_000), Step::Paused);
        std::iter::from_fn(|| scheduler.asking()).collect::<Vec<_>>()
    };
    assert_eq!(asking(&mut scheduler), ids);
    // A look at one is no answer, and no new question.
    for id in ids {
        let execution = scheduler.get_mut(id).expect("it is there");
        assert!(execution.request().is_some());
    }
    assert_eq!(asking(&mut scheduler), []);
    let answer = |scheduler: &mut Scheduler, id| {
        let execution = scheduler.get_mut(id).expect("it is there");
        execution.answer(10).expect("it asks");
    };
    answer(&mut scheduler, ids[0]);
    assert_eq!(asking(&mut scheduler), [ids[0]]);
    answer(&mut scheduler, ids[0]);
    answer(&mut scheduler, ids[1]);
    assert_eq!(asking(&mut scheduler), [ids[0]]);
    assert_eq!(finished(&mut scheduler), [ids[1]]);
    answer(&mut scheduler, ids[0]);
    assert_eq!(asking(&mut scheduler), []);
    let (id, finished) = scheduler.finished().expect("it is over");
    assert_eq!((id, finished.report.values), (ids[0], vec![Value::I32(30)]));
}

#[test]
fn a_question_that_was_not_told_yet_is_told_though_the_guest_was_looked_at() {
    let mut scheduler = Scheduler::with_clock(crate::harness::clock::still());
    let id = asker(&mut scheduler, crate::harness::clock::still(), 1);
    assert_eq!(scheduler.round(100_000), HOST);
    assert!(scheduler.get_mut(id).is_some());
    assert_eq!(scheduler.asking(), None);
    assert_eq!(scheduler.round(100_000), HOST);
    assert_eq!((scheduler.asking(), scheduler.asking()), (Some(id), None));
}

#[test]
fn a_guest_that_is_not_answered_is_stopped_by_its_limit() {
    let hand = Hand::default();
    let mut scheduler = Scheduler::with_clock(hand.clock());
    let limits = endless().wait(5 * MILLI);
    asker_within(&mut scheduler, hand.clock(), 1, limits);
    assert_eq!(scheduler.turn(MILLI), HOST);
    assert_eq!(scheduler.wake_at(), Some(5 * MILLI));
    hand.advance(5 * MILLI);
    assert_eq!(scheduler.turn(MILLI), Step::Done);
    assert_eq!(scheduler.asking(), None);
    let (_, finished) = scheduler.finished().expect("it is over");
    assert_eq!(code(&finished.report), "wait");
}

#[test]
fn a_guest_that_is_removed_while_it_waits_leaves_nothing_behind() {
    let hand = Hand::default();
    let mut scheduler = Scheduler::with_clock(hand.clock());
    let ids = [
        asker(&mut scheduler, hand.clock(), 1),
        sleeper(&mut scheduler, &hand, MILLI),
    ];
    assert_eq!(scheduler.turn(MILLI), HOST);
    for id in ids {
        assert!(scheduler.remove(id).is_some());
    }
    assert_eq!((scheduler.asking(), scheduler.wake_at()), (None, None));
    let other = sleeper(&mut scheduler, &hand, 5 * MILLI);
    assert_eq!(scheduler.turn(MILLI), Step::Waiting(Wait::Time));
    hand.advance(5 * MILLI);
    assert_eq!(scheduler.turn(MILLI), Step::Done);
    assert_eq!(finished(&mut scheduler), [other]);
}

#[test]
fn a_guest_that_waits_for_input_is_asked_in_each_turn() {
    let hand = Hand::default();
    let mut scheduler = Scheduler::with_clock(hand.clock());
    let (reader, mut writer) = pipe();
    let sandbox = timeless(roomy()).grant(Wasi::new().stdin(reader));
    let call = Call::export("read");
    let execution = sandbox.start(&module(READER), call).expect("it starts");
    let id = scheduler.add(execution);
    for _ in 0..3 {
        assert_eq!(scheduler.turn(MILLI), Step::Waiting(Wait::Input));
    }
    assert_eq!(scheduler.wake_at(), None);
    writer.write_all(b"ahoy").expect("it is read");
    assert_eq!(scheduler.turn(MILLI), Step::Done);
    assert_eq!(finished(&mut scheduler), [id]);
}

#[test]
fn a_cancelled_guest_that_waits_is_looked_at_when_it_is_woken() {
    let mut scheduler = Scheduler::with_clock(crate::harness::clock::still());
    let id = asker(&mut scheduler, crate::harness::clock::still(), 1);
    let token = scheduler.get_mut(id).expect("it is there").cancel_token();
    scheduler.set_share(id, Share::default().weight(3));
    assert_eq!(scheduler.round(100_000), HOST);
    token.cancel();
    assert_eq!(scheduler.round(100_000), HOST);
    scheduler.wake(id);
    assert_eq!(scheduler.round(100_000), Step::Done);
    let (_, finished) = scheduler.finished().expect("it is over");
    assert_eq!(code(&finished.report), "cancelled");
}

#[test]
fn many_that_wake_at_once_all_go_on() {
    let hand = Hand::default();
    let mut scheduler = Scheduler::with_clock(hand.clock());
    let ids: Vec<_> = (0..100)
        .map(|_| sleeper(&mut scheduler, &hand, MILLI))
        .collect();
    assert_eq!(scheduler.turn(MILLI), Step::Waiting(Wait::Time));
    hand.advance(MILLI);
    assert_eq!(scheduler.turn(MILLI), Step::Done);
    let mut woken = finished(&mut scheduler);
    woken.sort();
    assert_eq!(woken, ids);
}

#[test]
fn of_many_that_wake_at_once_the_first_run_before_all_are_ready() {
    let hand = Hand::default();
    let mut scheduler = Scheduler::with_clock(hand.clock());
    let ids: Vec<_> = (0..40)
        .map(|_| sleeper(&mut scheduler, &hand, MILLI))
        .collect();
    let last = *ids.last().expect("there are some");
    assert_eq!(scheduler.turn(MILLI), Step::Waiting(Wait::Time));
    scheduler.set_share(last, Share::default().priority(Priority::High));
    hand.advance(MILLI);
    assert_eq!(scheduler.turn(MILLI), Step::Done);
    // It is made ready in the third lot, when others have run; it would be first if all were made ready before.
    let place = finished(&mut scheduler).iter().position(|id| *id == last);
    assert!(place.is_some_and(|place| place > 0), "{place:?}");
}
