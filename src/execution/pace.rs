//! The pace of a call: how much fuel its next slice gets. Pure arithmetic: no clock, no guest.
//!
//! A slice cannot be interrupted, so it must be short in time, whatever its fuel turns out to be worth. Two
//! things see to that. The first slice is small, and each next one is sized by what the last one took, so
//! that it takes about [`AIM_NANOS`]. And no slice has more fuel than could be used up in the time that the run
//! has left, or in [`LATENCY_NANOS`] where it can be cancelled, if the guest did nothing but the most expensive
//! that the fuel schedule knows: a guest may look cheap and turn expensive within a slice.

use crate::module::{CALL_FUEL, WORST_PICOS_PER_FUEL};

/// The time that a slice shall take. Leaving and resuming takes about 300 ns, well under 1 % of it.
const AIM_NANOS: u64 = 200_000;

/// The time that a slice may take at the most while the run can be cancelled. Half of the 2 ms that are
/// promised: the thread that cancels and the one that runs need a core too.
const LATENCY_NANOS: u64 = 1_000_000;

/// How many times the last slice the next one may be: from the first to the largest in a few, and what one
/// of them says wrongly weighs little.
const MOST_RISE: u64 = 4;

/// The time that the first slice may take at the most. It is large enough that most short runs end in it.
const FIRST_NANOS: u64 = 200_000;

/// The time that the smallest slice takes at the most. Smaller ones would cost more than what they save.
const LEAST_NANOS: u64 = 16_000;

/// The smallest slice of all, for guests whose calls are most expensive.
const LEAST_FUEL: u64 = 100;

/// The largest slice: 5 ms of plain arithmetic. The interpreter leaves native stack behind at every
/// growth of memory or table until the slice ends, and growths cost 51,000 fuel each.
const MOST_FUEL: u64 = 16_000_000;

/// The time that a call takes for each local of the function, at no more fuel: 62 ps were measured, taken as
/// twice that.
const PICOS_PER_LOCAL: u64 = 125;

/// The time to carry one value along a branch, at no more fuel.
const PICOS_PER_CARRIED: u64 = 1_000;

/// How slices of one guest are measured out.
pub(super) struct Pace {
    /// What each fuel may take at the most.
    worst_picos: u64,
    /// What the last slice says that the next one should have.
    fitting: u64,
}

/// What a slice is given by the pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Portion {
    pub(super) fuel: u64,
    /// For host functions, whose time no fuel bounds: once it has passed the slice ends.
    pub(super) nanos: u64,
}

impl Pace {
    /// The pace of a guest whose largest function has `most_locals`, and whose branches carry
    /// `most_carried` values at the most.
    pub(super) fn new(most_locals: u64, most_carried: u64) -> Self {
        let picos_of_locals = most_locals.saturating_mul(PICOS_PER_LOCAL);
        let worst_picos = WORST_PICOS_PER_FUEL
            .saturating_add(quotient(picos_of_locals, u64::from(CALL_FUEL)))
            .saturating_add(most_carried.saturating_mul(PICOS_PER_CARRIED));
        Self {
            worst_picos,
            // Nothing is known yet.
            fitting: quotient(picos(FIRST_NANOS), worst_picos).max(LEAST_FUEL),
        }
    }

    /// Notes that the guest used `fuel` in a slice that took `nanos`.
    ///
    /// A slice that used none says nothing. A clock that stands still makes every guest a cheap one, one
    /// that jumps ahead makes it an expensive one until the next slice: slices stay within their bounds.
    pub(super) fn learn(&mut self, fuel: u64, nanos: u64) {
        if fuel == 0 {
            return;
        }
        let fitting = quotient(fuel.saturating_mul(AIM_NANOS), nanos);
        let risen = self.fitting.saturating_mul(MOST_RISE);
        self.fitting = fitting.min(risen).clamp(LEAST_FUEL, MOST_FUEL);
    }

    /// The next slice of a run that has `nanos_left`, and may be cancelled meanwhile if it `has_token`.
    pub(super) fn slice(&self, nanos_left: u64, has_token: bool) -> Portion {
        let allowed = if has_token {
            nanos_left.min(LATENCY_NANOS)
        } else {
            nanos_left
        };
        // The worst case may last as long, but no less than the least.
        let most = quotient(picos(allowed.max(LEAST_NANOS)), self.worst_picos);
        // The last slice may have been slower than what the schedule has as the worst.
        let share = allowed.clamp(LEAST_NANOS, AIM_NANOS);
        let expected = quotient(self.fitting.saturating_mul(share), AIM_NANOS);
        Portion {
            fuel: expected.min(most).clamp(LEAST_FUEL, MOST_FUEL),
            nanos: allowed.min(AIM_NANOS),
        }
    }
}

/// By zero, all there is.
fn quotient(dividend: u64, divisor: u64) -> u64 {
    dividend.checked_div(divisor).unwrap_or(u64::MAX)
}

fn picos(nanos: u64) -> u64 {
    const PICOS_PER_NANO: u64 = 1_000;
    nanos.saturating_mul(PICOS_PER_NANO)
}

#[cfg(test)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MILLI: u64 = 1_000_000;

    /// Fuel that the schedule lets take `nanos` in the worst case.
    fn worst(nanos: u64) -> u64 {
        picos(nanos) / WORST_PICOS_PER_FUEL
    }

    /// The time of `fuel` at a price.
    fn taking(fuel: u64, picos_per_fuel: u64) -> u64 {
        fuel.saturating_mul(picos_per_fuel) / 1_000
    }

    /// Runs one slice; returns its fuel and time.
    fn run(pace: &mut Pace, has_token: bool, picos_per_fuel: u64) -> (u64, u64) {
        let Portion { fuel, .. } = pace.slice(u64::MAX, has_token);
        let nanos = taking(fuel, picos_per_fuel);
        pace.learn(fuel, nanos);
        (fuel, nanos)
    }

    /// A pace that has learned from many slices of such a guest.
    fn used_to(has_token: bool, picos_per_fuel: u64) -> Pace {
        let mut pace = Pace::new(0, 0);
        for _ in 0..100 {
            run(&mut pace, has_token, picos_per_fuel);
        }
        pace
    }

    /// The clocks of guests that do the cheapest and the most expensive there is.
    const CHEAPEST: u64 = 0;
    const WORST: u64 = WORST_PICOS_PER_FUEL;

    #[test]
    fn the_first_slice_is_small_and_later_ones_take_the_time_aimed_at() {
        for has_token in [false, true] {
            let mut pace = Pace::new(0, 0);
            assert!(run(&mut pace, has_token, WORST).1 <= FIRST_NANOS);
            for picos_per_fuel in [WORST, 2 * WORST, 100 * WORST] {
                let mut pace = used_to(has_token, picos_per_fuel);
                let (fuel, nanos) = run(&mut pace, has_token, picos_per_fuel);
                let off = nanos.abs_diff(AIM_NANOS);
                assert!(
                    off < AIM_NANOS / 20,
                    "{fuel} fuel of {picos_per_fuel} ps: {nanos} ns"
                );
            }
        }
    }

    #[test]
    fn what_is_left_of_the_time_is_kept_by_guests_that_are_slower_than_the_schedule_knows() {
        for picos_per_fuel in [2 * WORST, 10 * WORST] {
            let pace = used_to(false, picos_per_fuel);
            for left in [LEAST_NANOS, 50_000, 120_000, AIM_NANOS - 1] {
                let nanos = taking(pace.slice(left, false).fuel, picos_per_fuel);
                assert!(nanos <= left + left / 20, "{nanos} of {left}");
                assert!(nanos >= left - left / 10, "{nanos} of {left}");
            }
        }
    }

    #[test]
    fn a_slice_rises_by_a_small_factor_at_the_most() {
        let mut pace = Pace::new(0, 0);
        let mut before = run(&mut pace, false, CHEAPEST).0;
        while before < MOST_FUEL {
            let (fuel, _) = run(&mut pace, false, CHEAPEST);
            assert_eq!(fuel, (before * MOST_RISE).min(MOST_FUEL));
            before = fuel;
        }
    }

    #[test]
    fn a_block_that_needs_much_fuel_and_no_time_teaches_no_more_than_any_slice() {
        let mut pace = Pace::new(0, 0);
        let before = pace.slice(u64::MAX, false).fuel;
        pace.learn(255_000_000, 1_000);
        assert_eq!(pace.slice(u64::MAX, false).fuel, before * MOST_RISE);
    }

    #[test]
    fn with_a_token_a_guest_trained_on_the_cheapest_is_found_out_within_the_latency() {
        let mut pace = used_to(true, CHEAPEST);
        assert_eq!(pace.slice(u64::MAX, true).fuel, worst(LATENCY_NANOS));
        assert!(run(&mut pace, true, WORST).1 <= LATENCY_NANOS);
        let (_, nanos) = run(&mut pace, true, WORST);
        assert!(nanos <= AIM_NANOS, "{nanos} ns");
    }

    #[test]
    fn without_a_token_such_a_guest_is_found_out_by_the_deadline() {
        for left in [1, 5, 30].map(|millis| millis * MILLI) {
            let Portion { fuel, .. } = used_to(false, CHEAPEST).slice(left, false);
            assert!(taking(fuel, WORST) <= left, "{fuel} fuel in {left} ns");
            assert_eq!(fuel, worst(left).min(MOST_FUEL));
        }
    }

    #[test]
    fn a_clock_that_jumps_ahead_makes_slices_small_for_a_moment() {
        let mut pace = used_to(false, 500);
        let before = pace.slice(u64::MAX, false);
        for jump in [3_600_000 * MILLI, u64::MAX] {
            pace.learn(before.fuel, jump);
            assert_eq!(pace.slice(u64::MAX, false).fuel, LEAST_FUEL);
            for _ in 0..12 {
                run(&mut pace, false, 500);
            }
            assert_eq!(pace.slice(u64::MAX, false), before);
        }
    }

    #[test]
    fn a_slice_that_used_nothing_says_nothing() {
        let mut pace = used_to(false, 300);
        let before = pace.slice(u64::MAX, false);
        pace.learn(0, 1_000 * MILLI);
        pace.learn(0, 0);
        assert_eq!(pace.slice(u64::MAX, false), before);
    }

    #[test]
    fn functions_with_many_locals_get_smaller_slices() {
        let few = Pace::new(0, 0).slice(u64::MAX, true);
        let many = Pace::new(8_000, 0).slice(u64::MAX, true);
        assert!(many.fuel < few.fuel / 5, "{few:?} {many:?}");
        let most = Pace::new(u64::MAX, u64::MAX).slice(u64::MAX, true);
        assert_eq!(most.fuel, LEAST_FUEL);
    }

    #[test]
    fn host_functions_have_what_is_left_or_a_slice_of_it() {
        let nanos = |left, has_token| Pace::new(0, 0).slice(left, has_token).nanos;
        assert_eq!(nanos(u64::MAX, false), AIM_NANOS);
        assert_eq!(nanos(u64::MAX, true), AIM_NANOS);
        assert_eq!(nanos(3_000, false), 3_000);
    }

    proptest! {
        /// Whatever a guest and its clock have done before.
        #[test]
        fn no_slice_can_be_later_than_is_allowed(
            slices in proptest::collection::vec((any::<u64>(), any::<u64>()), 0..20),
            left_nanos in any::<u64>(),
            has_token in any::<bool>(),
            most_locals in 0_u64..50_000,
        ) {
            let mut pace = Pace::new(most_locals, 0);
            for (fuel, nanos) in slices {
                pace.learn(fuel, nanos);
            }
            let Portion { fuel, nanos } = pace.slice(left_nanos, has_token);
            prop_assert!((LEAST_FUEL..=MOST_FUEL).contains(&fuel));
            let allowed = if has_token { left_nanos.min(LATENCY_NANOS) } else { left_nanos };
            prop_assert!(nanos <= allowed);
            let worst = taking(fuel, pace.worst_picos);
            prop_assert!(worst <= allowed.max(LEAST_NANOS) || fuel == LEAST_FUEL, "{worst} ns");
        }

        /// An expensive guest, whenever it turns so, ends little after its deadline and in few slices.
        #[test]
        fn a_guest_that_turns_expensive_ends_in_time(
            cheap in 0_u64..1_000,
            turn_at in 0_u32..400,
            has_token in any::<bool>(),
        ) {
            let deadline = 100 * MILLI;
            let (mut pace, mut time, mut slices) = (Pace::new(0, 0), 0_u64, 0_u32);
            while time < deadline && slices < 20_000 {
                let Portion { fuel, .. } = pace.slice(deadline - time, has_token);
                let took = taking(fuel, if slices < turn_at { cheap } else { WORST });
                pace.learn(fuel, took);
                time += took.max(300);
                slices += 1;
            }
            prop_assert!(time >= deadline);
            prop_assert!(time - deadline <= LEAST_NANOS, "{} ns late", time - deadline);
        }
    }
}
