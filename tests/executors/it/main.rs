//! Endless guests that are awaited leave the timers of real executors their time.
//!
//! By the machine's own clock, unlike all other tests: how executors share a thread is what they are about. Each
//! compares the ticks of a timer beside guests with those of the same timer beside tasks that give way at once, just
//! before: what else the machine does slows both.
#![expect(clippy::print_stdout, reason = "shares are shown with --nocapture")]

mod guests;
mod own;
mod polite;
mod smols;
mod tokios;

use guests::Guest;
use std::{pin::Pin, time::Duration};

/// How often the timer ticks.
const TICK: Duration = Duration::from_millis(1);

/// How long each guest runs.
const DEADLINE: Duration = Duration::from_millis(300);

/// The share of its ticks that a timer must have beside guests: 90 of 300.
const LEAST_SHARE: f64 = 0.3;

/// Something else may have had the machine in the meantime.
const TRIES: usize = 10;

/// What an executor runs beside its timer.
type Tasks = Vec<Pin<Box<dyn Future<Output = ()> + Send>>>;

/// An executor with a timer that ticks.
trait Executor {
    /// Runs all to their ends, each in a task of its own; returns how often the timer ticked, and in which time.
    fn ticks_beside(&self, tasks: Tasks) -> (u32, Duration);

    /// The share of its ticks that the timer has beside guests of these kinds.
    fn share(&self, guests: &[Guest], poll_time: Option<Duration>) -> f64 {
        let per_second = |(ticks, time): (u32, Duration)| f64::from(ticks) / time.as_secs_f64();
        let beside_others = per_second(self.ticks_beside(polite::tasks(guests.len())));
        let beside_guests = per_second(self.ticks_beside(guests::tasks(guests, poll_time)));
        println!("{beside_guests:.0} ticks a second, {beside_others:.0} beside polite tasks");
        beside_guests / beside_others
    }
}

/// One endless guest, and five that miss the cache with every load.
const CROWDS: [&[Guest]; 2] = [&[Guest::Endless], &[Guest::Missing; 5]];

fn the_timer_goes_on(executor: &impl Executor) {
    for guests in CROWDS {
        let shares: Vec<_> = (0..TRIES)
            .map(|_| executor.share(guests, None))
            .scan(false, |is_enough, share| {
                let goes_on = !*is_enough;
                *is_enough = share >= LEAST_SHARE;
                goes_on.then_some(share)
            })
            .collect();
        println!("{guests:?}: {shares:.2?}");
        assert!(
            shares.last().is_some_and(|share| *share >= LEAST_SHARE),
            "{guests:?}: {shares:?}"
        );
    }
}

/// That the measure can fail.
fn the_timer_starves_beside_polls_that_take_long(executor: &impl Executor) {
    let share = executor.share(&[Guest::Endless; 5], Some(Duration::from_millis(100)));
    println!("in polls of 100 ms: {share:.2}");
    assert!(share < LEAST_SHARE, "{share}");
}
