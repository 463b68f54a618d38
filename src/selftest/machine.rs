//! The machine that the self-test runs on: its clock.

#[cfg(all(feature = "worker", unix))]
use super::isolation::Isolation;
use super::{attack::Attack, catalogue::ENDLESS};
use alloc::sync::Arc;
use core::time::Duration;
use fuelbox::{Limits, MonotonicClock, Sandbox};

/// The machine that the self-test runs on.
pub(super) struct Machine {
    clock: Arc<dyn MonotonicClock>,
    /// Whether the clock was seen to go on.
    pub(super) ticks: bool,
    #[cfg(all(feature = "worker", unix))]
    isolation: Option<Isolation>,
}

impl Machine {
    pub(super) fn new(clock: impl MonotonicClock + 'static) -> Self {
        let mut machine = Self {
            clock: Arc::new(clock),
            ticks: false,
            #[cfg(all(feature = "worker", unix))]
            isolation: None,
        };
        machine.ticks = machine.sees_time_pass();
        machine
    }

    /// The same machine, where attacks run in processes of their own.
    #[cfg(all(feature = "worker", unix))]
    pub(super) fn isolated(mut self, isolation: Isolation) -> Self {
        self.isolation = Some(isolation);
        self
    }

    /// What attacks run in, where that is not this process.
    #[cfg(all(feature = "worker", unix))]
    pub(super) fn isolation(&self) -> Option<&Isolation> {
        self.isolation.as_ref()
    }

    pub(super) fn now(&self) -> Duration {
        self.clock.now()
    }

    pub(super) fn sandbox(&self, limits: Limits) -> Sandbox {
        let clock = self.clock.clone();
        Sandbox::with_clock(limits, move || clock.now())
    }

    /// The limits of an attack; where it is about its deadline, with all the fuel there is.
    pub(super) fn limits(&self, attack: &Attack) -> Limits {
        let limits = attack.case().limits.clone();
        match (attack.has_deadline(), self.ticks) {
            (false, _) => limits,
            (true, true) => limits.fuel(u64::MAX),
            // Without a clock no deadline would ever end it.
            (true, false) => limits.fuel(FUEL_OF_A_TICK),
        }
    }

    /// Whether the clock goes on while a guest works.
    fn sees_time_pass(&self) -> bool {
        let begun = self.now();
        let endless = ENDLESS.attack();
        let tick = self.limits(&endless).fuel(FUEL_OF_A_TICK);
        (0..MOST_TICKS).any(|_| {
            let _ = endless.run(self, tick.clone());
            self.now() != begun
        })
    }
}

/// Work that takes a third of a millisecond on a server.
const FUEL_OF_A_TICK: u64 = 1_000_000;

/// Work within which a clock must go on: a tenth of a second of arithmetic on a server. One that is so
/// coarse could not hold deadlines of 20 ms.
const MOST_TICKS: u32 = 300;
