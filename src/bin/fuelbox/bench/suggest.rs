//! Suggested limits for a guest whose runs were measured.

use super::statistics::Statistics;
use crate::units;
use std::{fmt, time::Duration};

/// Fuel and time that may be used beyond what was measured: other inputs are larger.
const HEADROOM: u64 = 10;

/// The same for the first run alone.
const COLD_HEADROOM: u64 = 2;

/// The shortest deadline: a busy machine takes that much away from any program now and then.
const LEAST_DEADLINE: Duration = Duration::from_millis(5);

/// The least memory: one page.
const LEAST_MEMORY_BYTES: u64 = 64 << 10;

/// Limits with headroom. Shown with `{}`, as flags of `run`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Suggestion {
    pub(crate) fuel: u64,
    pub(crate) deadline: Duration,
    pub(crate) memory_bytes: u64,
}

impl Suggestion {
    /// Ten times the fuel, and ten times the time that 99 in 100 runs took; half as much memory again.
    ///
    /// The first run took `cold_nanos`: every run of the program is a first one.
    pub(crate) fn new(
        fuel: &Statistics,
        nanos: &Statistics,
        cold_nanos: u64,
        peak_memory_bytes: u64,
    ) -> Self {
        let most = nanos.max.max(cold_nanos.saturating_mul(COLD_HEADROOM));
        let nanos = nanos.p99.saturating_mul(HEADROOM).max(most);
        Self {
            fuel: round_up(fuel.max.saturating_mul(HEADROOM)),
            deadline: Duration::from_nanos(round_up(nanos)).max(LEAST_DEADLINE),
            memory_bytes: peak_memory_bytes
                .saturating_add(peak_memory_bytes.div_ceil(2))
                .checked_next_power_of_two()
                .unwrap_or(u64::MAX)
                .max(LEAST_MEMORY_BYTES),
        }
    }
}

impl fmt::Display for Suggestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "--fuel {} --deadline {} --memory {}",
            units::show_count(self.fuel),
            units::show_duration(self.deadline),
            units::show_size(self.memory_bytes)
        )
    }
}

/// The next of 1, 2, 5, 10, 20, 50 and so on.
fn round_up(number: u64) -> u64 {
    let mut unit = 1_u64;
    loop {
        for factor in [1, 2, 5] {
            match unit.checked_mul(factor) {
                Some(round) if round >= number => return round,
                Some(_) => {}
                None => return u64::MAX,
            }
        }
        let Some(next) = unit.checked_mul(10) else {
            return u64::MAX;
        };
        unit = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(number: u64) -> Statistics {
        Statistics::of(&[number]).expect("there is one")
    }

    #[test]
    fn limits_are_round_and_leave_headroom() {
        let suggestion = Suggestion::new(&all(123_456), &all(1_700_000), 0, 17 << 16);
        let flags = "--fuel 2M --deadline 20ms --memory 2MiB";
        assert_eq!(suggestion.to_string(), flags);
    }

    #[test]
    fn what_uses_nearly_nothing_gets_the_least() {
        let suggestion = Suggestion::new(&all(0), &all(0), 0, 0);
        assert_eq!(
            suggestion.to_string(),
            "--fuel 1 --deadline 5ms --memory 64KiB"
        );
    }

    #[test]
    fn one_slow_run_still_fits() {
        let mut samples = vec![1_000_000; 999];
        samples.push(300_000_000);
        let nanos = Statistics::of(&samples).expect("there are some");
        let suggestion = Suggestion::new(&all(1), &nanos, 0, 0);
        assert_eq!(suggestion.deadline, Duration::from_millis(500));
    }

    #[test]
    fn a_first_run_that_is_slow_fits_twice() {
        let suggestion = Suggestion::new(&all(1), &all(1_000_000), 40_000_000, 0);
        assert_eq!(suggestion.deadline, Duration::from_millis(100));
    }

    #[test]
    fn what_is_beyond_all_numbers_is_the_largest() {
        let suggestion = Suggestion::new(&all(u64::MAX), &all(u64::MAX), u64::MAX, u64::MAX);
        assert_eq!(suggestion.fuel, u64::MAX);
        assert_eq!(suggestion.memory_bytes, u64::MAX);
        assert_eq!(
            units::duration(&units::show_duration(suggestion.deadline)),
            Ok(suggestion.deadline)
        );
    }
}
