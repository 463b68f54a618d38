//! Clocks. This is the only file that reads the time of the machine.

use alloc::sync::Arc;
use core::time::Duration;

/// A clock of the host that never goes back, to measure deadlines with.
///
/// `Sandbox::new` uses the clock of the machine; a host without `std`, or a test, hands in another. With one that jumps
/// back or stands still deadlines come late, and nothing else is wrong: the limit of fuel does not depend on it.
///
/// A closure is one. A type of your own has one function:
///
/// ```
/// use fuelbox::{Limits, MonotonicClock, Sandbox};
/// use std::time::Duration;
///
/// struct Ticks;
///
/// impl MonotonicClock for Ticks {
///     fn now(&self) -> Duration {
///         # fn milliseconds_since_boot() -> u64 { 7 }
///         Duration::from_millis(milliseconds_since_boot())
///     }
/// }
/// let sandbox = Sandbox::with_clock(Limits::default(), Ticks);
/// # let _ = sandbox;
/// ```
pub trait MonotonicClock: Send + Sync {
    /// Time since any fixed moment.
    fn now(&self) -> Duration;
}

impl<F: Fn() -> Duration + Send + Sync> MonotonicClock for F {
    fn now(&self) -> Duration {
        self()
    }
}

/// Whose clock holds the deadline.
#[derive(Clone)]
pub(crate) enum Clock {
    #[cfg(feature = "std")]
    System,
    Host(Arc<dyn MonotonicClock>),
}

impl Clock {
    #[inline]
    pub(crate) fn now(&self) -> Duration {
        match self {
            #[cfg(feature = "std")]
            Self::System => SystemClock.now(),
            Self::Host(clock) => clock.now(),
        }
    }
}

/// Nanoseconds of a time: more than 584 years are taken as that.
#[inline]
pub(crate) fn nanos(time: Duration) -> u64 {
    const NANOS_PER_SECOND: u64 = 1_000_000_000;
    time.as_secs()
        .saturating_mul(NANOS_PER_SECOND)
        .saturating_add(u64::from(time.subsec_nanos()))
}

/// The machine's own monotonic clock.
#[cfg(feature = "std")]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SystemClock;

#[cfg(feature = "std")]
impl MonotonicClock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    fn now(&self) -> Duration {
        static ORIGIN: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
        let now = std::time::Instant::now();
        now.saturating_duration_since(*ORIGIN.get_or_init(|| now))
    }
}

/// The time by the clock that `Sandbox::new` and `Scheduler::new` measure by: since the first time that it was read.
///
/// What [`Execution::wake_at`](crate::Execution::wake_at) and [`Scheduler::wake_at`](crate::Scheduler::wake_at) say is
/// compared with it.
///
/// ```
/// let now = fuelbox::now();
/// assert!(fuelbox::now() >= now);
/// ```
#[cfg(feature = "std")]
#[must_use]
pub fn now() -> Duration {
    SystemClock.now()
}

/// Time since the Unix epoch by the machine's clock; zero before it.
#[cfg(feature = "std")]
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub(crate) fn unix_time() -> Duration {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default()
}

/// Puts the thread to sleep. Without `std` nothing ever waits for the machine's clock.
pub(crate) fn sleep(time: Duration) {
    #[cfg(feature = "std")]
    std::thread::sleep(time);
    #[cfg(not(feature = "std"))]
    let _ = time;
}
