//! How much fuel the next slice gets. Pure arithmetic: no clock, no guest.
//!
//! A slice cannot be interrupted, so it must be over by the deadline even if the guest is dear: if
//! each fuel takes long. Taking every guest for dear, slices are large while the deadline is far and
//! shrink geometrically as it nears; a cheap guest just goes through more of them.

use core::time::Duration;

/// Nanoseconds per fuel of a dear guest: loads that all miss the cache were measured at 8 to 11.
const DEAR_NANOS_PER_FUEL: u64 = 16;

/// Locals that a call clears in a nanosecond, at no more fuel: 16 were measured, taken as 8.
const LOCALS_PER_NANO: u64 = 8;

/// Nanoseconds to carry one value along a branch, at no more fuel.
const NANOS_PER_CARRIED: u64 = 1;

/// The time that the smallest slice of a dear guest takes. Leaving and resuming takes about 100 ns,
/// so smaller ones would cost more than the overrun they save.
const LEAST_NANOS: u64 = 16_000;

/// The smallest slice of all, for guests whose calls are dearest.
const LEAST_FUEL: u64 = 100;

/// The largest slice: 5 ms of plain arithmetic. The interpreter leaves native stack behind at every
/// growth of memory or table until the slice ends, and growths cost 51,000 fuel each.
const MOST_FUEL: u64 = 16_000_000;

/// The largest slice while the run can be cancelled: 1.5 ms of plain arithmetic.
const MOST_FUEL_CANCELLABLE: u64 = 5_000_000;

/// How slices of one guest are measured out.
pub(super) struct Pace {
    /// What each fuel may take at the most.
    nanos_per_fuel: u64,
    least_fuel: u64,
}

impl Pace {
    /// The pace of a guest whose largest function has `most_locals`, and whose branches carry
    /// `most_carried` values at the most.
    pub(super) fn new(most_locals: u64, most_carried: u64) -> Self {
        let nanos_per_fuel = DEAR_NANOS_PER_FUEL
            .saturating_add(most_locals / LOCALS_PER_NANO)
            .saturating_add(most_carried.saturating_mul(NANOS_PER_CARRIED));
        let least_fuel = LEAST_NANOS
            .checked_div(nanos_per_fuel)
            .unwrap_or(0)
            .max(LEAST_FUEL);
        Self {
            nanos_per_fuel,
            least_fuel,
        }
    }

    /// The fuel of the next slice.
    ///
    /// `required` is what the guest needs to get on at all; a slice is never smaller, or it would
    /// come back here for ever.
    pub(super) fn slice(&self, time_left: Duration, cancellable: bool, required: u64) -> u64 {
        let nanos = u64::try_from(time_left.as_nanos()).unwrap_or(u64::MAX);
        let affordable = nanos.checked_div(self.nanos_per_fuel).unwrap_or(u64::MAX);
        let most = if cancellable {
            // As long as for a guest that is only as dear as its loads.
            let scaled = MOST_FUEL_CANCELLABLE.saturating_mul(DEAR_NANOS_PER_FUEL);
            scaled
                .checked_div(self.nanos_per_fuel)
                .unwrap_or(MOST_FUEL)
                .max(self.least_fuel)
        } else {
            MOST_FUEL
        };
        affordable.clamp(self.least_fuel, most).max(required)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(time_left: Duration, cancellable: bool, required: u64) -> u64 {
        Pace::new(0, 0).slice(time_left, cancellable, required)
    }

    #[test]
    fn slices_shrink_as_the_deadline_nears() {
        assert_eq!(slice(Duration::from_secs(1), false, 0), MOST_FUEL);
        assert_eq!(slice(Duration::from_millis(100), false, 0), 6_250_000);
        assert_eq!(slice(Duration::from_millis(1), false, 0), 62_500);
        assert_eq!(slice(Duration::from_micros(1), false, 0), 1_000);
        assert_eq!(slice(Duration::ZERO, false, 0), 1_000);
        assert_eq!(slice(Duration::MAX, false, 0), MOST_FUEL);
    }

    #[test]
    fn a_run_that_can_be_cancelled_has_bounded_slices() {
        assert_eq!(slice(Duration::MAX, true, 0), MOST_FUEL_CANCELLABLE);
    }

    #[test]
    fn what_the_guest_needs_to_get_on_comes_first() {
        assert_eq!(slice(Duration::ZERO, true, 16_384), 16_384);
        assert_eq!(slice(Duration::MAX, true, 1 << 40), 1 << 40);
    }

    #[test]
    fn functions_with_many_locals_get_smaller_slices() {
        let pace = Pace::new(8_000, 0);
        assert_eq!(
            pace.slice(Duration::from_secs(1), false, 0),
            1_000_000_000 / 1_016
        );
        assert_eq!(pace.slice(Duration::ZERO, false, 0), LEAST_FUEL);
        assert!(pace.slice(Duration::MAX, true, 0) < MOST_FUEL_CANCELLABLE / 50);
    }

    #[test]
    fn a_dear_guest_is_stopped_in_few_slices_and_little_late() {
        let deadline = Duration::from_millis(100);
        let mut time = Duration::ZERO;
        let mut slices = 0;
        while time < deadline {
            let fuel = slice(deadline - time, false, 0);
            time += Duration::from_nanos(fuel * DEAR_NANOS_PER_FUEL);
            slices += 1;
        }
        assert!(slices <= 2, "{slices} slices");
        assert!(time - deadline <= Duration::from_nanos(LEAST_NANOS));
    }
}
