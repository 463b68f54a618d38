//! The time of day.

use crate::sys;
use core::time::Duration;

/// The time of day, where the host grants a clock.
///
/// A host may grant one that stands still, or that goes by work done, to keep runs reproducible.
#[derive(Clone, Copy, Debug)]
pub struct Clock;

impl Clock {
    /// Time since the Unix epoch.
    pub fn now(self) -> Duration {
        Duration::from_nanos(sys::time_nanos())
    }
}
