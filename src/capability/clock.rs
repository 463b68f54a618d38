//! The capability `Clock`: the time of day for a guest.

#[cfg(all(feature = "worker", unix))]
use super::crossing::ClockData;
use super::{Declared, Grants, Opening, Signature};
use crate::{
    guard::guard,
    host::{Caller, Halt, StoreMut},
    stop::{HostError, Stop},
    value::ValueType::I64,
};
use alloc::{borrow::Cow, format, sync::Arc};
use core::{fmt, time::Duration};
use fuelbox_guest::protocol::{self, HOST_GET_TIME_NANOS};

/// Lets a guest ask for the time: `host_get_time_nanos`, nanoseconds since the Unix epoch.
///
/// [`fixed`](Self::fixed) and [`by_fuel`](Self::by_fuel) keep runs reproducible.
///
/// ```
/// use fuelbox::{Limits, Sandbox, capability::Clock};
/// use std::time::Duration;
///
/// let new_year = Duration::from_secs(1_767_225_600);
/// let still = Clock::fixed(new_year);
/// let goes_on = Clock::by_fuel(new_year);
/// // Not reproducible: the machine's clock, or one of your own.
/// let real = Clock::system();
/// let own = Clock::from_source(move || new_year);
///
/// let sandbox = Sandbox::new(Limits::default()).grant(goes_on);
/// # let _ = (still, real, own, sandbox);
/// ```
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    Fixed(Duration),
    ByFuel(Duration),
    #[cfg(feature = "std")]
    System,
    Host(Tell),
}

/// Tells the time since the Unix epoch.
type Tell = Arc<dyn Fn() -> Duration + Send + Sync>;

impl Clock {
    /// A clock that stands still at `time` since the Unix epoch.
    #[must_use]
    pub fn fixed(time: Duration) -> Self {
        Self(Source::Fixed(time))
    }

    /// A clock that starts at `time` since the Unix epoch and goes one nanosecond on with each fuel.
    #[must_use]
    pub fn by_fuel(time: Duration) -> Self {
        Self(Source::ByFuel(time))
    }

    /// The machine's own clock: runs are no longer reproducible.
    ///
    /// The machine's owner can set it, forward and back. The monotonic clock of a WASI guest does not
    /// follow: it goes by the clock of the [`Sandbox`](crate::Sandbox).
    #[cfg(feature = "std")]
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock of the host, as time since the Unix epoch: runs are no longer reproducible.
    ///
    /// For a host without `std`, or with a better clock than the machine's. Otherwise it is as `Clock::system`. It may
    /// be asked from several runs at once. If it panics the run stops as
    /// [`Stop::HostFunction`](crate::Stop::HostFunction).
    #[must_use]
    pub fn from_source(source: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self(Source::Host(Arc::new(source)))
    }

    pub(super) fn now(&self, fuel_used: u64) -> Result<Duration, Halt> {
        match &self.0 {
            Source::Fixed(time) => Ok(*time),
            Source::ByFuel(start) => Ok(start.saturating_add(Duration::from_nanos(fuel_used))),
            #[cfg(feature = "std")]
            Source::System => Ok(crate::clock::unix_time()),
            Source::Host(source) => guard(|| source()).map_err(|message| {
                Halt::new(Stop::HostFunction {
                    module: Cow::Borrowed(protocol::MODULE),
                    name: Cow::Borrowed(HOST_GET_TIME_NANOS),
                    error: HostError::message(format!("the clock panicked: {message}")),
                })
            }),
        }
    }

    /// Whether its time passes by itself, so that a guest that sleeps has to wait.
    pub(super) fn is_real(&self) -> bool {
        !matches!(self.0, Source::Fixed(_) | Source::ByFuel(_))
    }

    /// The same as data; none for a clock of the host.
    #[cfg(all(feature = "worker", unix))]
    pub(super) fn crossing(&self) -> Option<ClockData> {
        Some(match self.0 {
            Source::Fixed(time) => ClockData::Fixed(time),
            Source::ByFuel(start) => ClockData::ByFuel(start),
            Source::System => ClockData::System,
            Source::Host(_) => return None,
        })
    }
}

#[cfg(all(feature = "worker", unix))]
impl From<ClockData> for Clock {
    fn from(data: ClockData) -> Self {
        match data {
            ClockData::Fixed(time) => Self::fixed(time),
            ClockData::ByFuel(start) => Self::by_fuel(start),
            ClockData::System => Self::system(),
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Source::Fixed(time) => write!(f, "Clock(fixed at {time:?})"),
            Source::ByFuel(start) => write!(f, "Clock(by fuel from {start:?})"),
            #[cfg(feature = "std")]
            Source::System => f.write_str("Clock(of the machine)"),
            Source::Host(_) => f.write_str("Clock(of the host)"),
        }
    }
}

impl Opening for Clock {
    fn open(self, grants: &mut Grants) {
        grants.grant_with(FUNCTIONS, self);
    }
}

const CAPABILITY: &str = "Clock";

pub(super) const FUNCTIONS: &[Declared] = &[Declared {
    signature: Signature {
        capability: CAPABILITY,
        module: protocol::MODULE,
        name: HOST_GET_TIME_NANOS,
        params: &[],
        results: &[I64],
        reaches_memory: false,
    },
    link: |import| import.wrap(host_get_time_nanos),
}];

fn host_get_time_nanos(caller: StoreMut<'_>) -> Result<u64, wasmi::Error> {
    fn time(caller: StoreMut<'_>) -> Result<u64, Halt> {
        let caller = Caller::enter(caller, HOST_GET_TIME_NANOS)?;
        let clock = caller
            .host()
            .states
            .get::<Clock>()
            .expect("a granted clock is prepared for every run");
        let now = clock.now(caller.fuel_used_ever())?;
        // 64 bits of nanoseconds last until the year 2554.
        Ok(u64::try_from(now.as_nanos()).unwrap_or(u64::MAX))
    }
    time(caller).map_err(Halt::raise)
}
