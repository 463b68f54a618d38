//! How much fuel the next slice gets. Pure arithmetic: no clock, no guest.
//!
//! A slice cannot be interrupted, so it must be over by the deadline even if the guest is dear: if
//! each fuel takes long. Taking every guest for dear, slices are large while the deadline is far and
//! shrink geometrically as it nears; a cheap guest just goes through more of them.
//!
//! A cancel may come at any time, so a run that can be cancelled has short slices at all times: how
//! long the last one took says how much fuel the next one gets.

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

/// The time that a slice shall take while the run can be cancelled. So leaving and resuming costs
/// well under 1 %, and where plain arithmetic, at 0.3 ns, turns to the dearest loads, the one slice
/// that was measured out for the former is over in 2 ms.
const CANCELLABLE_NANOS: u64 = 40_000;

/// The time that a slice takes at the most while the run can be cancelled, where the cheapest guest
/// turns dear. Below a million fuel, guests of 0.006 ns would notice the many slices.
const MOST_CANCELLABLE_NANOS: u64 = 16_000_000;

/// How many times the last slice the next one may be while the run can be cancelled: from the
/// smallest to the largest in a few, and what one of them says wrongly weighs little.
const MOST_RISE: u64 = 4;

/// How slices of one guest are measured out.
pub(super) struct Pace {
    /// What each fuel may take at the most.
    nanos_per_fuel: u64,
    least_fuel: u64,
    /// The next slice of a run that can be cancelled.
    cancellable_fuel: u64,
}

impl Pace {
    /// The pace of a guest whose largest function has `most_locals`, and whose branches carry
    /// `most_carried` values at the most.
    pub(super) fn new(most_locals: u64, most_carried: u64) -> Self {
        let nanos_per_fuel = DEAR_NANOS_PER_FUEL
            .saturating_add(most_locals / LOCALS_PER_NANO)
            .saturating_add(most_carried.saturating_mul(NANOS_PER_CARRIED));
        let least_fuel = quotient(LEAST_NANOS, nanos_per_fuel).max(LEAST_FUEL);
        Self {
            nanos_per_fuel,
            least_fuel,
            // Nothing is known yet.
            cancellable_fuel: least_fuel,
        }
    }

    /// Takes note that the guest, which can be cancelled, used `fuel` in a slice of `time`.
    ///
    /// A slice that used none says nothing. A clock that stands still makes every guest a cheap one,
    /// one that jumps ahead makes it a dear one until the next slice: slices stay within their bounds.
    pub(super) fn learn(&mut self, fuel: u64, time: Duration) {
        if fuel == 0 {
            return;
        }
        let fitting = quotient(fuel.saturating_mul(CANCELLABLE_NANOS), nanos(time));
        let risen = self.cancellable_fuel.saturating_mul(MOST_RISE);
        // As long as for a guest that is only as dear as its loads.
        let most = quotient(MOST_CANCELLABLE_NANOS, self.nanos_per_fuel);
        self.cancellable_fuel = fitting.min(risen).min(most).max(LEAST_FUEL);
    }

    /// The fuel of the next slice.
    ///
    /// `required` is what the guest needs to get on at all; a slice is never smaller, or it would
    /// come back here for ever.
    pub(super) fn slice(&self, time_left: Duration, cancellable: bool, required: u64) -> u64 {
        let affordable = quotient(nanos(time_left), self.nanos_per_fuel);
        let most = if cancellable {
            self.cancellable_fuel
        } else {
            MOST_FUEL
        };
        affordable.max(self.least_fuel).min(most).max(required)
    }
}

/// By zero, all there is.
fn quotient(dividend: u64, divisor: u64) -> u64 {
    dividend.checked_div(divisor).unwrap_or(u64::MAX)
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]
mod tests {
    use super::*;

    const MOST_CANCELLABLE_FUEL: u64 = MOST_CANCELLABLE_NANOS / DEAR_NANOS_PER_FUEL;

    fn slice(time_left: Duration, cancellable: bool, required: u64) -> u64 {
        Pace::new(0, 0).slice(time_left, cancellable, required)
    }

    /// Runs one slice that can be cancelled and takes `picos_per_fuel`; returns its fuel and time.
    fn run(pace: &mut Pace, picos_per_fuel: u64) -> (u64, Duration) {
        let fuel = pace.slice(Duration::MAX, true, 0);
        let time = Duration::from_nanos(fuel * picos_per_fuel / 1_000);
        pace.learn(fuel, time);
        (fuel, time)
    }

    /// A pace that has learned from many slices of such a guest.
    fn used_to(picos_per_fuel: u64) -> Pace {
        let mut pace = Pace::new(0, 0);
        for _ in 0..100 {
            run(&mut pace, picos_per_fuel);
        }
        pace
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
    fn a_run_that_can_be_cancelled_begins_as_if_its_guest_were_dear() {
        let mut pace = Pace::new(0, 0);
        let (_, time) = run(&mut pace, DEAR_NANOS_PER_FUEL * 1_000);
        assert_eq!(time, Duration::from_nanos(LEAST_NANOS));
    }

    #[test]
    fn slices_that_can_be_cancelled_soon_take_the_time_aimed_at() {
        let aimed = Duration::from_nanos(CANCELLABLE_NANOS);
        for picos_per_fuel in [40, 300, 3_000, 16_000, 30_000, 400_000] {
            let mut pace = Pace::new(0, 0);
            for _ in 0..6 {
                run(&mut pace, picos_per_fuel);
            }
            let (fuel, time) = run(&mut pace, picos_per_fuel);
            let off = time.abs_diff(aimed);
            assert!(
                off < aimed / 20,
                "{fuel} fuel of {picos_per_fuel} ps: {time:?}"
            );
        }
    }

    #[test]
    fn cheap_work_notices_the_cancel_token_little() {
        for (picos_per_fuel, shortest) in [(300, 39), (30, 29), (6, 5)] {
            let (_, time) = run(&mut used_to(picos_per_fuel), picos_per_fuel);
            assert!(time > Duration::from_micros(shortest), "{time:?}");
        }
    }

    #[test]
    fn a_guest_that_turns_dear_is_found_out_in_one_slice() {
        let dear = DEAR_NANOS_PER_FUEL * 1_000;
        for (picos_per_fuel, latest_ms) in [(300, 3), (30, 16), (0, 16)] {
            let mut pace = used_to(picos_per_fuel);
            let (_, time) = run(&mut pace, dear);
            assert!(time <= Duration::from_millis(latest_ms), "{time:?}");
            let (_, time) = run(&mut pace, dear);
            assert!(time <= Duration::from_nanos(CANCELLABLE_NANOS), "{time:?}");
        }
    }

    #[test]
    fn a_slice_that_seems_cheap_makes_the_next_one_little_larger() {
        let mut pace = used_to(DEAR_NANOS_PER_FUEL * 1_000);
        let (before, _) = run(&mut pace, 0);
        assert_eq!(pace.slice(Duration::MAX, true, 0), before * MOST_RISE);
    }

    #[test]
    fn a_clock_that_stands_still_bounds_slices_all_the_same() {
        let mut pace = used_to(0);
        assert_eq!(run(&mut pace, 0).0, MOST_CANCELLABLE_FUEL);
    }

    #[test]
    fn a_clock_that_jumps_ahead_makes_slices_small_for_a_moment() {
        let mut pace = used_to(500);
        let before = pace.slice(Duration::MAX, true, 0);
        for jump in [Duration::from_secs(3_600), Duration::MAX] {
            pace.learn(before, jump);
            assert_eq!(pace.slice(Duration::MAX, true, 0), LEAST_FUEL);
            for _ in 0..6 {
                run(&mut pace, 500);
            }
            assert_eq!(pace.slice(Duration::MAX, true, 0), before);
        }
    }

    #[test]
    fn a_slice_that_used_nothing_says_nothing() {
        let mut pace = used_to(300);
        let before = pace.slice(Duration::MAX, true, 0);
        pace.learn(0, Duration::from_secs(1));
        pace.learn(0, Duration::ZERO);
        assert_eq!(pace.slice(Duration::MAX, true, 0), before);
    }

    #[test]
    fn the_largest_numbers_of_all_leave_slices_in_their_bounds() {
        for locals in [0, 8_000, u64::MAX] {
            for (fuel, time) in [(1, Duration::MAX), (u64::MAX, Duration::ZERO)] {
                let mut pace = Pace::new(locals, locals);
                for _ in 0..100 {
                    pace.learn(fuel, time);
                    let fuel = pace.slice(Duration::MAX, true, 0);
                    assert!((LEAST_FUEL..=MOST_CANCELLABLE_FUEL).contains(&fuel));
                }
            }
        }
    }

    #[test]
    fn the_deadline_holds_for_a_run_that_can_be_cancelled_too() {
        let pace = used_to(0);
        assert_eq!(pace.slice(Duration::from_millis(1), true, 0), 62_500);
        assert_eq!(pace.slice(Duration::ZERO, true, 0), 1_000);
    }

    #[test]
    fn what_a_cancel_teaches_does_not_show_without_a_token() {
        let mut pace = Pace::new(0, 0);
        pace.learn(1_000, Duration::from_secs(1));
        assert_eq!(pace.slice(Duration::MAX, false, 0), MOST_FUEL);
        assert_eq!(pace.slice(Duration::ZERO, false, 0), 1_000);
    }

    #[test]
    fn what_the_guest_needs_to_get_on_comes_first() {
        assert_eq!(slice(Duration::ZERO, true, 16_384), 16_384);
        assert_eq!(slice(Duration::MAX, true, 1 << 40), 1 << 40);
    }

    #[test]
    fn functions_with_many_locals_get_smaller_slices() {
        let mut pace = Pace::new(8_000, 0);
        assert_eq!(
            pace.slice(Duration::from_secs(1), false, 0),
            1_000_000_000 / 1_016
        );
        assert_eq!(pace.slice(Duration::ZERO, false, 0), LEAST_FUEL);
        for _ in 0..100 {
            run(&mut pace, 0);
        }
        assert!(pace.slice(Duration::MAX, true, 0) < MOST_CANCELLABLE_FUEL / 50);
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
