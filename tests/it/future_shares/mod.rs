//! A run that is awaited shares its thread: with other tasks, with timers, and with what answers it.

#![expect(clippy::arithmetic_side_effects, reason = "a test may panic")]

mod answers;
mod cancels;
mod timers;

use crate::harness::{
    clock::{Hand, ticking},
    code, module, roomy, timeless,
};
use fuelbox::{Finished, Sandbox};
use std::{
    future::{Future, IntoFuture},
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

const MICRO: Duration = Duration::from_micros(1);
const MILLI: Duration = Duration::from_millis(1);
const ENDLESS: &str = r#"(module (func (export "_start") (loop $again (br $again))))"#;

#[derive(Default)]
struct Wakes(AtomicU64);

impl Wakes {
    fn take(&self) -> u64 {
        self.0.swap(0, Ordering::Relaxed)
    }
}

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Polls until it is ready, as long as something wakes it; returns the polls that it took.
fn drive<F: Future>(future: F) -> (F::Output, u64) {
    let wakes = Arc::new(Wakes::default());
    let waker = Waker::from(wakes.clone());
    let mut future = pin!(future);
    for polls in 1..100_000 {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return (output, polls);
        }
        assert!(wakes.take() > 0, "nothing wakes it after {polls} polls");
    }
    panic!("it does not end")
}

#[test]
fn a_poll_takes_its_time_and_no_more() {
    const TICK: Duration = Duration::from_micros(5);

    for (poll_time, chosen) in [(40 * MICRO, false), (200 * MICRO, true)] {
        let limits = roomy().fuel(u64::MAX).deadline(20 * MILLI);
        let sandbox = Sandbox::with_clock(limits, ticking(TICK));
        let execution = sandbox.start(&module(ENDLESS), []).expect("it starts");
        let mut run = execution.into_future();
        if chosen {
            run = run.poll_time(poll_time);
        }
        let (Finished { report, .. }, polls) = drive(run);
        assert_eq!(code(&report), "deadline");
        let each = report.usage.time / u32::try_from(polls).expect("they are few");
        assert!(
            each > poll_time / 2 && each <= poll_time + TICK,
            "{each:?} for each of {polls} polls"
        );
    }
}

#[test]
fn a_poll_ends_though_the_clock_stands_still() {
    const FUEL: u64 = 21_000_000;

    let sandbox = timeless(roomy().fuel(FUEL));
    let execution = sandbox.start(&module(ENDLESS), []).expect("it starts");
    let (Finished { report, .. }, polls) = drive(execution.into_future());
    assert_eq!(code(&report), "out-of-fuel");
    assert_eq!(polls, 5, "each of 5,000,000 fuel");
}

/// An executor as tokio's is: after 61 polls of tasks that are ready it goes on with its timers. Returns how often a
/// timer of a millisecond ticked.
fn ticks_beside(guests: usize, clock: &Hand, mut runs: Vec<Pin<Box<fuelbox::Run>>>) -> u64 {
    const POLLS: usize = 61;

    assert_eq!(runs.len(), guests);
    let (mut ticks, mut next) = (0, MILLI);
    let waker = Waker::from(Arc::new(Wakes::default()));
    while !runs.is_empty() {
        for _ in 0..POLLS {
            if runs.is_empty() {
                break;
            }
            let mut run = runs.remove(0);
            if run
                .as_mut()
                .poll(&mut Context::from_waker(&waker))
                .is_pending()
            {
                runs.push(run);
            }
        }
        let now = clock.advance(Duration::ZERO);
        if now >= next {
            ticks += 1;
            next = now + MILLI;
        }
    }
    ticks
}

#[test]
fn endless_guests_leave_a_timer_of_the_executor_its_time() {
    const DEADLINE: Duration = Duration::from_millis(300);

    for guests in [1, 5] {
        let hand = Hand::default();
        let tick = {
            let hand = hand.clone();
            move || hand.advance(5 * MICRO)
        };
        let limits = roomy().fuel(u64::MAX).deadline(DEADLINE);
        let sandbox = Sandbox::with_clock(limits, tick);
        let module = module(ENDLESS);
        let runs = (0..guests).map(|_| {
            let execution = sandbox.start(&module, []).expect("it starts");
            Box::pin(execution.into_future())
        });
        let ticks = ticks_beside(guests, &hand, runs.collect());
        // Each has 300 ms of its own.
        let expected = 90 * u64::try_from(guests).expect("they are few");
        assert!(ticks >= expected, "{ticks} ticks beside {guests}");
    }
}
