//! smol.

use crate::{
    Executor, TICK, Tasks, the_timer_goes_on, the_timer_starves_beside_polls_that_take_long,
};
use smol::{LocalExecutor, Timer, future::block_on};
use std::{
    cell::Cell,
    time::{Duration, Instant},
};

struct Smol;

impl Executor for Smol {
    #[expect(clippy::disallowed_methods, reason = "it is about time as it passes")]
    fn ticks_beside(&self, tasks: Tasks) -> (u32, Duration) {
        let ticks = Cell::new(0_u32);
        let executor = LocalExecutor::new();
        block_on(executor.run(async {
            let ticking = executor.spawn(async {
                loop {
                    Timer::after(TICK).await;
                    ticks.set(ticks.get().saturating_add(1));
                }
            });
            let begin = Instant::now();
            let tasks = tasks.into_iter().map(|task| executor.spawn(task));
            for task in tasks.collect::<Vec<_>>() {
                task.await;
            }
            let time = begin.elapsed();
            ticking.cancel().await;
            (ticks.get(), time)
        }))
    }
}

#[test]
fn timers_of_smol_go_on_beside_endless_guests() {
    the_timer_goes_on(&Smol);
}

#[test]
fn timers_of_smol_starve_beside_polls_that_take_long() {
    the_timer_starves_beside_polls_that_take_long(&Smol);
}
