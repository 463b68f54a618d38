//! Clocks. By default time goes with fuel, and a guest that sleeps moves it.

use super::call::{Call, Fail};
use crate::{capability::clock::Clock, tree::Errno};
use core::time::Duration;

/// The clocks that a guest can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClockId {
    Realtime,
    Monotonic,
    /// Processor time: what the run has used.
    Cputime,
}

impl ClockId {
    pub(super) fn new(id: u32) -> Result<Self, Errno> {
        match id {
            0 => Ok(Self::Realtime),
            1 => Ok(Self::Monotonic),
            2 | 3 => Ok(Self::Cputime),
            _ => Err(Errno::Inval),
        }
    }
}

/// The time of one run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Time {
    clock: Clock,
    /// What the guest has slept, where that moves the clock.
    slept: Duration,
}

impl Time {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            slept: Duration::ZERO,
        }
    }

    /// Nanoseconds of a clock, when the run has used `fuel`.
    pub(super) fn now(&self, id: ClockId, fuel: u64) -> u64 {
        let time = match id {
            ClockId::Realtime | ClockId::Monotonic => {
                self.clock.now(fuel).saturating_add(self.slept)
            }
            ClockId::Cputime => Duration::from_nanos(fuel),
        };
        u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
    }

    /// Whether waiting has to be done for real.
    pub(super) fn is_real(&self) -> bool {
        self.clock.is_system()
    }

    pub(super) fn sleep(&mut self, time: Duration) {
        self.slept = self.slept.saturating_add(time);
    }
}

pub(super) fn res_get(call: &mut Call<'_>, id: u32, resolution: u32) -> Result<(), Fail> {
    const NANOS: u64 = 1;
    ClockId::new(id)?;
    call.write_u64(resolution, NANOS)
}

pub(super) fn time_get(call: &mut Call<'_>, id: u32, time: u32) -> Result<(), Fail> {
    let id = ClockId::new(id)?;
    let fuel = call.fuel_used();
    let now = call.state().time.now(id, fuel);
    call.write_u64(time, now)
}

/// The time that files are stamped with.
pub(super) fn now(call: &mut Call<'_>) -> u64 {
    let fuel = call.fuel_used();
    call.state().time.now(ClockId::Realtime, fuel)
}
