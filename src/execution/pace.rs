//! How much fuel the next slice gets. Pure arithmetic: no clock, no guest.
//!
//! A slice cannot be interrupted, so it must be over by the deadline even if the guest is dear: if
//! each fuel takes long. Taking every guest for dear, slices are large while the deadline is far and
//! shrink geometrically as it nears; a cheap guest just goes through more of them.

use core::time::Duration;

/// Nanoseconds per fuel of a dear guest: loads that all miss the cache were measured at about 8.
const DEAR_NANOS_PER_FUEL: u64 = 8;

/// The smallest slice. Leaving and resuming takes about 100 ns, so smaller ones would cost more than
/// the overrun they save.
const LEAST_FUEL: u64 = 2_000;

/// The largest slice while the run can be cancelled: 1.5 ms of plain arithmetic.
const MOST_FUEL_CANCELLABLE: u64 = 5_000_000;

/// The fuel of the next slice.
///
/// `required` is what the guest needs to get on at all; a slice is never smaller, or it would come
/// back here for ever.
pub(super) fn slice(time_left: Duration, cancellable: bool, required: u64) -> u64 {
    let nanos = u64::try_from(time_left.as_nanos()).unwrap_or(u64::MAX);
    let most = if cancellable {
        MOST_FUEL_CANCELLABLE
    } else {
        u64::MAX
    };
    (nanos / DEAR_NANOS_PER_FUEL)
        .clamp(LEAST_FUEL, most)
        .max(required)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_shrink_as_the_deadline_nears() {
        assert_eq!(slice(Duration::from_secs(1), false, 0), 125_000_000);
        assert_eq!(slice(Duration::from_millis(1), false, 0), 125_000);
        assert_eq!(slice(Duration::from_micros(1), false, 0), LEAST_FUEL);
        assert_eq!(slice(Duration::ZERO, false, 0), LEAST_FUEL);
        assert_eq!(
            slice(Duration::MAX, false, 0),
            u64::MAX / DEAR_NANOS_PER_FUEL
        );
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
    fn a_dear_guest_is_stopped_in_few_slices_and_little_late() {
        let deadline = Duration::from_millis(200);
        let mut time = Duration::ZERO;
        let mut slices = 0;
        while time < deadline {
            let fuel = slice(deadline - time, false, 0);
            time += Duration::from_nanos(fuel * DEAR_NANOS_PER_FUEL);
            slices += 1;
        }
        assert!(slices <= 2, "{slices} slices");
        assert!(time - deadline <= Duration::from_nanos(LEAST_FUEL * DEAR_NANOS_PER_FUEL));
    }
}
