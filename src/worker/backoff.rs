//! How long to wait before another worker is started, where workers end again and again.

use core::time::Duration;

/// When the next worker may be started.
///
/// The first one that ends is replaced at once. Each that ends before a run has gone well doubles the wait, from 10 ms
/// up to 5 s.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Backoff {
    /// How many have ended since a run went well.
    ends: u32,
    /// Not before this time.
    until: Duration,
}

impl Backoff {
    const FIRST: Duration = Duration::from_millis(10);
    const LONGEST: Duration = Duration::from_secs(5);

    /// A worker has ended.
    pub(super) fn ended(&mut self, now: Duration) {
        let wait = match self.ends.checked_sub(1) {
            None => Duration::ZERO,
            Some(doubled) => {
                let times = 1_u32.checked_shl(doubled).unwrap_or(u32::MAX);
                Self::FIRST.saturating_mul(times).min(Self::LONGEST)
            }
        };
        self.ends = self.ends.saturating_add(1);
        self.until = now.saturating_add(wait);
    }

    /// A run has gone well, as far as its worker goes.
    pub(super) fn went_well(&mut self) {
        *self = Self::default();
    }

    /// How long to wait from now on.
    pub(super) fn left(&self, now: Duration) -> Duration {
        self.until.saturating_sub(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_its_longest_and_begins_again_when_a_run_goes_well() {
        let mut backoff = Backoff::default();
        let now = Duration::from_secs(7);
        let mut waits = Vec::new();
        for _ in 0..40 {
            backoff.ended(now);
            waits.push(backoff.left(now).as_millis());
        }
        assert_eq!(waits[..5], [0, 10, 20, 40, 80]);
        assert_eq!(waits[10..], [5_000; 30]);
        assert_eq!(backoff.left(now + Duration::from_secs(5)), Duration::ZERO);

        backoff.went_well();
        assert_eq!(backoff.left(now), Duration::ZERO);
        backoff.ended(now);
        assert_eq!(backoff.left(now), Duration::ZERO);
    }

    use alloc::vec::Vec;
}
