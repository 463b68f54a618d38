//! The machine that the self-test runs on: its clock.

use super::{attacks, bound::Bound};
use crate::{clock::MonotonicClock, limits::Limits, sandbox::Sandbox};
use alloc::sync::Arc;
use core::time::Duration;

/// The machine that the self-test runs on.
pub(super) struct Machine {
    clock: Arc<dyn MonotonicClock>,
    /// Whether the clock was seen to go on.
    pub(super) ticks: bool,
}

impl Machine {
    pub(super) fn new(clock: impl MonotonicClock + 'static) -> Self {
        let mut machine = Self {
            clock: Arc::new(clock),
            ticks: false,
        };
        machine.ticks = machine.sees_time_pass();
        machine
    }

    pub(super) fn now(&self) -> Duration {
        self.clock.now()
    }

    pub(super) fn sandbox(&self, limits: Limits) -> Sandbox {
        let clock = self.clock.clone();
        Sandbox::with_clock(limits, move || clock.now())
    }

    /// Limits that no attack hits by accident: each sets the one that it is about.
    pub(super) fn limits(&self, bounds: &[Bound]) -> Limits {
        let timed = bounds
            .iter()
            .any(|bound| matches!(bound, Bound::DeadlineMillis(_)));
        let fuel = match (timed, self.ticks) {
            (true, true) => u64::MAX,
            // Without a clock no deadline would ever end it.
            (true, false) => FUEL_OF_A_TICK,
            (false, _) => FUEL,
        };
        let limits = Limits::default().fuel(fuel).deadline(PATIENCE);
        bounds
            .iter()
            .fold(limits, |limits, bound| bound.set(limits))
    }

    /// Whether the clock goes on while a guest works.
    fn sees_time_pass(&self) -> bool {
        let begun = self.now();
        let tick = self.limits(&[Bound::Fuel(FUEL_OF_A_TICK)]);
        (0..MOST_TICKS).any(|_| {
            let _ = attacks::ENDLESS.run(self, tick.clone());
            self.now() != begun
        })
    }
}

/// Work that takes a third of a millisecond on a server.
const FUEL_OF_A_TICK: u64 = 1_000_000;

/// Work within which a clock must go on: a tenth of a second of arithmetic on a server. One that is so
/// coarse could not hold deadlines of 20 ms.
const MOST_TICKS: u32 = 300;

/// Fuel of an attack that is not about fuel; enough for each that ends by itself.
const FUEL: u64 = 50_000_000;

/// Deadline of an attack that is not about time. It ends one that nothing else ends.
const PATIENCE: Duration = Duration::from_secs(60);
