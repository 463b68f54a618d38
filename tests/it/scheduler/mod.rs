//! Many guests on one thread: each gets its share, is as it is alone, and costs nothing while it waits.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod laws;
mod shares;
mod waits;

use crate::harness::{
    allocations::measure, clock::Hand, code, module, roomy, same_but_for_time, timeless,
};
use fuelbox::{
    Call, Execution, ExecutionId, Finished, Function, Limits, Module, Priority, Sandbox, Scheduler,
    Share, Step,
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

const MICRO: Duration = Duration::from_micros(1);
const MILLI: Duration = Duration::from_millis(1);

/// Calls the host for ever, or once after some work, and says who it is.
const WORKER: &str = r#"(module (import "host" "work" (func $work (param i32)))
    (func (export "work") (param i32) (loop $again (call $work (local.get 0)) (br $again)))
    (func (export "once") (param i32) (local $n i32)
        (loop $again
            (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 1000))))
        (call $work (local.get 0))))"#;

/// Guests whose time passes in a function of the host, by a clock that they share with a scheduler.
struct Workshop {
    hand: Hand,
    scheduler: Scheduler,
    sandbox: Sandbox,
    module: Module,
    /// Who has called.
    calls: Arc<Mutex<Vec<i32>>>,
}

impl Workshop {
    /// Where a call of worker `n` takes what `took` says.
    fn new(took: impl Fn(i32) -> Duration + Send + Sync + 'static) -> Self {
        let (hand, calls) = (Hand::default(), Arc::<Mutex<Vec<i32>>>::default());
        let work = {
            let (hand, calls) = (hand.clone(), calls.clone());
            Function::new("host", "work", move |n: i32| {
                calls.lock().expect("nobody panics").push(n);
                hand.advance(took(n));
            })
        };
        Self {
            scheduler: Scheduler::with_clock(hand.clock()),
            sandbox: Sandbox::with_clock(endless(), hand.clock()).grant(work),
            module: module(WORKER),
            hand,
            calls,
        }
    }

    fn start(&self, export: &str, n: i32) -> Execution {
        let call = Call::export(export).args(n);
        self.sandbox.start(&self.module, call).expect("it starts")
    }

    fn add(&mut self, n: i32, share: Share) -> ExecutionId {
        let execution = self.start("work", n);
        self.scheduler.add_with(execution, share)
    }

    /// Gives a turn; returns how long it took, and who was called in it.
    fn turn(&mut self, time: Duration) -> (Duration, Vec<i32>) {
        let before = self.hand.advance(Duration::ZERO);
        assert_eq!(self.scheduler.turn(time), Step::Paused);
        let took = self.hand.advance(Duration::ZERO) - before;
        (took, self.take_calls())
    }

    fn take_calls(&self) -> Vec<i32> {
        std::mem::take(&mut self.calls.lock().expect("nobody panics"))
    }
}

fn endless() -> Limits {
    roomy().fuel(u64::MAX)
}

/// How often `n` was called.
fn count(calls: &[i32], n: i32) -> usize {
    calls.iter().filter(|call| **call == n).count()
}

#[test]
fn each_round_runs_all_that_are_ready_once_in_the_order_they_came() {
    let mut workshop = Workshop::new(|_| Duration::ZERO);
    for n in 0..4 {
        let execution = workshop.start("once", n);
        workshop.scheduler.add(execution);
    }
    assert_eq!(workshop.scheduler.len(), 4);
    assert_eq!(workshop.scheduler.round(1), Step::Paused);
    assert_eq!(workshop.scheduler.round(u64::MAX), Step::Done);
    assert_eq!(workshop.take_calls(), [0, 1, 2, 3]);
    let finished = std::iter::from_fn(|| workshop.scheduler.finished());
    let ids: Vec<_> = finished
        .map(|(id, finished)| {
            assert_eq!(finished.report.stop(), None);
            id
        })
        .collect();
    assert!(ids.len() == 4 && ids.is_sorted(), "{ids:?}");
    assert!(workshop.scheduler.is_empty());
    assert_eq!(workshop.scheduler.turn(MILLI), Step::Done);
    assert_eq!(workshop.scheduler.wake_at(), None);
}

#[test]
fn one_that_is_removed_goes_on_elsewhere_and_its_id_is_not_given_again() {
    let mut workshop = Workshop::new(|_| Duration::ZERO);
    let expected = workshop.start("once", 7).finish().report;
    let execution = workshop.start("once", 7);
    let id = workshop.scheduler.add(execution);
    assert_eq!(workshop.scheduler.round(1), Step::Paused);
    let removed = workshop.scheduler.remove(id).expect("it is there");
    assert!(removed.usage().slices > 0);
    let report = removed.finish().report;
    assert_eq!(same_but_for_time(report), same_but_for_time(expected));

    let execution = workshop.start("once", 8);
    let other = workshop.scheduler.add(execution);
    assert_ne!(id, other);
    assert!(workshop.scheduler.get(id).is_none() && workshop.scheduler.get_mut(id).is_none());
    assert!(workshop.scheduler.remove(id).is_none());
    workshop.scheduler.set_share(id, Share::default().weight(9));
    workshop.scheduler.wake(id);
    assert!(workshop.scheduler.get(other).is_some());
    assert_eq!(workshop.scheduler.len(), 1);
}

#[test]
fn one_that_is_over_can_be_looked_at_and_is_handed_out_once() {
    let mut workshop = Workshop::new(|_| Duration::ZERO);
    let execution = workshop.start("once", 1);
    let id = workshop.scheduler.add(execution);
    assert_eq!(workshop.scheduler.round(u64::MAX), Step::Done);
    assert!(
        workshop
            .scheduler
            .get_mut(id)
            .expect("it is there")
            .is_over()
    );
    workshop
        .scheduler
        .set_share(id, Share::default().priority(Priority::High));
    assert_eq!(workshop.scheduler.round(u64::MAX), Step::Done);
    let (other, Finished { instance, .. }) = workshop.scheduler.finished().expect("it is over");
    assert!(other == id && instance.is_some());
    assert!(workshop.scheduler.finished().is_none() && workshop.scheduler.get(id).is_none());
}

#[test]
fn one_that_is_cancelled_through_the_scheduler_is_over_in_the_next_turn() {
    let mut workshop = Workshop::new(|_| 10 * MICRO);
    let id = workshop.add(1, Share::default());
    workshop.turn(MILLI);
    let execution = workshop.scheduler.get_mut(id).expect("it is there");
    execution.cancel_token().cancel();
    assert_eq!(workshop.scheduler.turn(MILLI), Step::Done);
    let (_, finished) = workshop.scheduler.finished().expect("it is over");
    assert_eq!(code(&finished.report), "cancelled");
}

#[test]
fn a_turn_allocates_nothing() {
    let endless_guest = module(r#"(module (func (export "_start") (loop $again (br $again))))"#);
    let tick = crate::harness::clock::ticking(50 * MICRO);
    let sandbox = Sandbox::with_clock(endless(), tick);
    let mut scheduler = Scheduler::with_clock(crate::harness::clock::ticking(10 * MICRO));
    for n in 0..50 {
        let execution = sandbox.start(&endless_guest, []).expect("it starts");
        scheduler.add_with(execution, Share::default().weight(n));
    }
    // The interpreter's stacks grow when a guest first runs.
    assert_eq!(scheduler.round(1_000), Step::Paused);
    let (_, spent) = measure(|| {
        for _ in 0..10 {
            assert_eq!(scheduler.turn(2 * MILLI), Step::Paused);
            assert_eq!(scheduler.round(1_000), Step::Paused);
        }
    });
    assert_eq!((spent.peak, spent.live), (0, 0));
}

#[test]
fn rounds_work_with_a_clock_that_stands_still() {
    let mut scheduler = Scheduler::with_clock(crate::harness::clock::still());
    let module = module(r#"(module (func (export "_start")))"#);
    let execution = timeless(roomy()).start(&module, []).expect("it starts");
    scheduler.add(execution);
    assert_eq!(scheduler.round(100_000), Step::Done);
}
