//! The time of day.

use super::{Declared, Grants, Opening, Signature};
use crate::{
    host::{Caller, Halt, Host},
    value::ValueType::I64,
};
use core::time::Duration;
use fuelbox_guest::protocol::{self, HOST_GET_TIME_NANOS};

/// Lets a guest ask for the time: `host_get_time_nanos`, nanoseconds since the Unix epoch.
///
/// [`fixed`](Self::fixed) and [`by_fuel`](Self::by_fuel) keep runs reproducible.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Source);

#[derive(Clone, Copy, Debug)]
enum Source {
    Fixed(Duration),
    ByFuel(Duration),
    #[cfg(feature = "std")]
    System,
}

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
    #[cfg(feature = "std")]
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    pub(super) fn now(self, fuel_used: u64) -> Duration {
        match self.0 {
            Source::Fixed(time) => time,
            Source::ByFuel(start) => start.saturating_add(Duration::from_nanos(fuel_used)),
            #[cfg(feature = "std")]
            Source::System => crate::clock::unix_time(),
        }
    }
}

impl Clock {
    /// Whether it is the machine's own.
    pub(super) fn is_system(self) -> bool {
        match self.0 {
            Source::Fixed(_) | Source::ByFuel(_) => false,
            #[cfg(feature = "std")]
            Source::System => true,
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
    },
    link: |store| wasmi::Func::wrap(store, host_get_time_nanos),
}];

fn host_get_time_nanos(caller: wasmi::Caller<'_, Host>) -> Result<u64, wasmi::Error> {
    fn time(caller: wasmi::Caller<'_, Host>) -> Result<u64, Halt> {
        let caller = Caller::enter(caller, HOST_GET_TIME_NANOS)?;
        let clock = caller
            .host()
            .states
            .get::<Clock>()
            .expect("a granted clock is prepared for every run");
        let now = clock.now(caller.fuel_used());
        // 64 bits of nanoseconds last until the year 2554.
        Ok(u64::try_from(now.as_nanos()).unwrap_or(u64::MAX))
    }
    Ok(time(caller)?)
}
