//! Clocks. By default time goes with fuel, and a guest that sleeps moves it.

use super::call::{Call, Fail};
use crate::{capability::clock::Clock, host::Halt, tree::Errno};
use core::time::Duration;

/// The clocks that a guest can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClockId {
    Realtime,
    /// Goes on evenly, whatever becomes of the other.
    Monotonic,
    /// Processor time: a nanosecond for each fuel that the run has used.
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
#[derive(Clone, Debug)]
pub(super) struct Time {
    clock: Clock,
    /// What the guest has slept, where that moves the clock.
    slept: Duration,
    /// Where the clock can be set, what goes on regardless.
    steady: Option<Steady>,
}

/// A clock that cannot be set: the wall clock as it was first seen, and what has passed since by the
/// sandbox's own.
#[derive(Clone, Copy, Debug)]
struct Steady {
    wall: Duration,
    began: Duration,
    passed: Duration,
}

impl Time {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            slept: Duration::ZERO,
            steady: None,
        }
    }

    /// The clock that it goes by.
    #[cfg(all(feature = "worker", unix))]
    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// A clock, when the run has used `fuel`, and `now` is the time by the sandbox's own clock.
    fn read(
        &mut self,
        id: ClockId,
        fuel: u64,
        now: impl FnOnce() -> Duration,
    ) -> Result<Duration, Halt> {
        match id {
            ClockId::Cputime => Ok(Duration::from_nanos(fuel)),
            ClockId::Monotonic if self.is_real() => {
                let now = now();
                let mut steady = match self.steady {
                    Some(steady) => steady,
                    None => Steady::new(self.clock.now(fuel)?, now),
                };
                let time = steady.at(now);
                self.steady = Some(steady);
                Ok(time)
            }
            ClockId::Realtime | ClockId::Monotonic => {
                Ok(self.clock.now(fuel)?.saturating_add(self.slept))
            }
        }
    }

    /// Whether waiting has to be done for real.
    pub(super) fn is_real(&self) -> bool {
        self.clock.is_real()
    }

    pub(super) fn sleep(&mut self, time: Duration) {
        self.slept = self.slept.saturating_add(time);
    }
}

impl Steady {
    fn new(wall: Duration, now: Duration) -> Self {
        Self {
            wall,
            began: now,
            passed: Duration::ZERO,
        }
    }

    /// The time when the sandbox's clock shows `now`; that of a host may go back, this does not.
    fn at(&mut self, now: Duration) -> Duration {
        self.passed = self.passed.max(now.saturating_sub(self.began));
        self.wall.saturating_add(self.passed)
    }
}

/// What a clock of the guest shows, in nanoseconds.
pub(super) fn read(call: &mut Call<'_>, id: ClockId) -> Result<u64, Fail> {
    let fuel = call.fuel_used();
    let clock = call.host().watch.clock().clone();
    let time = call.state().time.read(id, fuel, || clock.now())?;
    // 64 bits of nanoseconds last until the year 2554.
    Ok(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX))
}

/// The time that files are stamped with.
pub(super) fn now(call: &mut Call<'_>) -> Result<u64, Fail> {
    read(call, ClockId::Realtime)
}

pub(super) fn res_get(call: &mut Call<'_>, id: u32, resolution: u32) -> Result<(), Fail> {
    const NANOS: u64 = 1;
    ClockId::new(id)?;
    call.write_u64(resolution, NANOS)
}

pub(super) fn time_get(call: &mut Call<'_>, id: u32, time: u32) -> Result<(), Fail> {
    let now = read(call, ClockId::new(id)?)?;
    call.write_u64(time, now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::sync::atomic::{AtomicU64, Ordering};

    /// Time on a wall clock that shows so many seconds when it is asked for the first, second, .. time.
    fn wall(seconds: &'static [u64]) -> Time {
        let asked = AtomicU64::new(0);
        Time::new(Clock::from_source(move || {
            let at = usize::try_from(asked.fetch_add(1, Ordering::Relaxed));
            let shown = at.ok().and_then(|at| seconds.get(at)).copied();
            Duration::from_secs(shown.expect("it is asked no more often"))
        }))
    }

    fn shown(time: &mut Time, id: ClockId, now: u64) -> u64 {
        let read = time.read(id, 7, || Duration::from_secs(now));
        read.expect("the clock does not panic").as_secs()
    }

    #[test]
    fn the_monotonic_clock_goes_on_while_the_wall_clock_is_set_back() {
        let mut time = wall(&[1_000, 400, 300]);
        assert_eq!(shown(&mut time, ClockId::Monotonic, 50), 1_000);
        assert_eq!(shown(&mut time, ClockId::Realtime, 51), 400);
        assert_eq!(shown(&mut time, ClockId::Monotonic, 52), 1_002);
        assert_eq!(shown(&mut time, ClockId::Realtime, 53), 300);
        // Not even where the sandbox's own clock is a bad one.
        assert_eq!(shown(&mut time, ClockId::Monotonic, 3), 1_002);
        assert_eq!(shown(&mut time, ClockId::Monotonic, 60), 1_010);
    }

    #[test]
    fn time_that_goes_with_fuel_asks_no_other_clock() {
        let mut time = Time::new(Clock::by_fuel(Duration::ZERO));
        for id in [ClockId::Realtime, ClockId::Monotonic, ClockId::Cputime] {
            let read = time.read(id, 7, || unreachable!("it is not asked"));
            assert_eq!(read, Ok(Duration::from_nanos(7)));
        }
        time.sleep(Duration::from_nanos(3));
        let read = time.read(ClockId::Monotonic, 8, || unreachable!("it is not asked"));
        assert_eq!(read, Ok(Duration::from_nanos(11)));
    }
}
