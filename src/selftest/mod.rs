//! The proof, repeated on the machine at hand.
//!
//! [`attacks`] lists hostile guests, each with its [`bound`]s, its [`grant`]s and how it must end.
//! [`attack`] runs one, [`judge`] says whether it was held, and nothing else decides that.
//! [`cancel`], [`slices`] and [`build`] are the checks that take more than a run.

mod attack;
mod attacks;
mod bound;
mod build;
mod cancel;
mod check;
mod grant;
mod judge;
mod machine;
mod slices;
mod table;

pub use check::{Check, SelfTest};

use crate::clock::MonotonicClock;
use alloc::{borrow::Cow, vec::Vec};
use machine::Machine;

/// Runs hostile guests, which are built in, on the machine at hand, and says which of them were held.
///
/// Takes about a second where code is optimised; needs no files, prints nothing. Meant to be run where
/// guests will run: on the device, in the build profile that is shipped.
///
/// ```
/// # // Without optimisation it takes long.
/// # if cfg!(debug_assertions) { return; }
/// let proof = fuelbox::selftest();
/// assert!(proof.is_held(), "{proof}");
/// ```
#[cfg(feature = "std")]
#[must_use]
pub fn selftest() -> SelfTest {
    selftest_with_clock(crate::clock::SystemClock)
}

/// As [`selftest`], with deadlines held by a clock of the host's.
///
/// A clock that stands still is seen: its check and those of deadlines are then not held.
#[must_use]
pub fn selftest_with_clock(clock: impl MonotonicClock + 'static) -> SelfTest {
    let machine = Machine::new(clock);
    let mut checks = Vec::from([build::native_stack(), build::clock(&machine)]);
    checks.extend(attacks::all().map(|attack| attack.check(&machine)));
    checks.extend(cancel::checks(&machine));
    // Last, so that they also show the machine as it is after all attacks.
    checks.extend(slices::checks(&machine));
    SelfTest {
        version: Cow::Borrowed(env!("CARGO_PKG_VERSION")),
        checks,
    }
}
