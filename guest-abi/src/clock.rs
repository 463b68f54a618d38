//! The time of day.

use crate::sys;
use core::time::Duration;

/// The time of day, where the host grants a clock.
///
/// A host may grant one that stands still, or that goes by work done, to keep runs reproducible.
///
/// ```
/// use fuelbox_guest::{Clock, Output};
///
/// fn run(_: &[u8]) -> Result<String, core::fmt::Error> {
///     Ok(format!("{} s since 1970", Clock.now().as_secs()))
/// }
/// fuelbox_guest::entry!(run);
/// # fn main() {
/// # let host = fuelbox_guest::mock::Host::new().time(std::time::Duration::from_secs(7));
/// # assert_eq!(host.run(execute).output, b"7 s since 1970");
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Clock;

impl Clock {
    /// Time since the Unix epoch.
    pub fn now(self) -> Duration {
        Duration::from_nanos(sys::time_nanos())
    }
}
