//! tokio, on the current thread and on two.

use crate::{
    Executor, TICK, Tasks, the_timer_goes_on, the_timer_starves_beside_polls_that_take_long,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::{
    runtime::{Builder, Runtime},
    time::{Instant, MissedTickBehavior, interval},
};

impl Executor for Runtime {
    fn ticks_beside(&self, tasks: Tasks) -> (u32, Duration) {
        let ticks = Arc::<AtomicU32>::default();
        self.block_on(async {
            let ticking = tokio::spawn(tick(ticks.clone()));
            let begin = Instant::now();
            let tasks: Vec<_> = tasks.into_iter().map(tokio::spawn).collect();
            for task in tasks {
                task.await.expect("it does not panic");
            }
            ticking.abort();
            (ticks.load(Ordering::Relaxed), begin.elapsed())
        })
    }
}

async fn tick(ticks: Arc<AtomicU32>) {
    let mut interval = interval(TICK);
    // What was missed is not made up for.
    interval.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        interval.tick().await;
        ticks.fetch_add(1, Ordering::Relaxed);
    }
}

fn current_thread() -> Runtime {
    let runtime = Builder::new_current_thread().enable_time().build();
    runtime.expect("it starts")
}

fn two_threads() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(2).enable_time().build();
    runtime.expect("it starts")
}

#[test]
fn timers_of_tokio_on_the_current_thread_go_on_beside_endless_guests() {
    the_timer_goes_on(&current_thread());
}

#[test]
fn timers_of_tokio_on_two_threads_go_on_beside_endless_guests() {
    the_timer_goes_on(&two_threads());
}

#[test]
fn timers_of_tokio_starve_beside_polls_that_take_long() {
    the_timer_starves_beside_polls_that_take_long(&current_thread());
}
