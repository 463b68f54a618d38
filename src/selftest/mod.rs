//! The self-test: the attacks of the tests, repeated on this machine, by the public API alone.
//!
//! [`catalogue`] has the guests of `tests/hostile`, with the [`header`]s that they have there; [`case`], [`grant`] and
//! [`expect`] say what those mean, here and in the tests. [`generated`] has what no file can hold. [`attack`] runs a
//! guest, [`judge`] says whether it was contained, and nothing else decides that.
//! [`build`], [`cancel`], [`slices`] and [`straight`] are the checks that take more than a run.

mod attack;
mod build;
mod cancel;
mod case;
mod catalogue;
mod check;
mod expect;
mod generated;
mod grant;
mod guests;
mod header;
#[cfg(all(feature = "worker", unix))]
mod isolation;
mod judge;
mod machine;
mod number;
mod slices;
mod straight;
mod table;

pub use check::{Check, SelfTest};
#[cfg(all(feature = "worker", unix))]
pub use isolation::selftest_in_workers;

use alloc::{borrow::Cow, vec::Vec};
use fuelbox::MonotonicClock;
use machine::Machine;

/// Runs hostile guests, which are built in, on this machine, and says which of them were contained.
///
/// Takes about a second where code is optimised; needs no files, prints nothing. Meant to be run where
/// guests will run: on the device, in the build profile that is shipped.
///
/// ```
/// # // Without optimisation it takes long.
/// # if cfg!(debug_assertions) { return; }
/// let proof = fuelbox::selftest();
/// assert!(proof.is_contained(), "{proof}");
/// ```
#[cfg(feature = "std")]
#[must_use]
pub fn selftest() -> SelfTest {
    selftest_with_clock(crate::clock::SystemClock)
}

/// As [`selftest`], with deadlines measured by a clock of the host.
///
/// A clock that stands still is seen: its check and those of deadlines are then not contained.
///
/// ```no_run
/// # fn time_since_boot() -> std::time::Duration { std::time::Duration::ZERO }
/// let result = fuelbox::selftest_with_clock(time_since_boot);
/// assert!(result.is_contained(), "{result}");
/// ```
#[must_use]
pub fn selftest_with_clock(clock: impl MonotonicClock + 'static) -> SelfTest {
    let machine = Machine::new(clock);
    let mut checks = Vec::from([build::native_stack(&machine), build::clock(&machine)]);
    let attacks = catalogue::attacks().chain(generated::attacks());
    checks.extend(attacks.map(|attack| attack.check(&machine)));
    checks.extend(cancel::checks(&machine));
    checks.push(straight::check(&machine));
    // Last, so that it also shows the machine as it is after all attacks.
    checks.push(slices::check(&machine));
    SelfTest {
        version: Cow::Borrowed(env!("CARGO_PKG_VERSION")),
        checks,
    }
}
