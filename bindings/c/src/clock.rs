//! Clocks of the host.

use crate::{
    boundary::{RawClock, UserData},
    status::Status,
};
use std::time::Duration;

/// The clock that C handed in.
pub(crate) fn clock(
    clock: RawClock,
    data: UserData,
) -> Result<impl Fn() -> Duration + Send + Sync + 'static, Status> {
    let clock = clock.ok_or(Status::NULL)?;
    Ok(move || Duration::from_nanos(data.clock(clock)))
}
