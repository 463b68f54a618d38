//! Looking again before going to sleep: whoever sleeps takes longer to wake than most answers take to come.

use crate::clock::{MonotonicClock, SystemClock};
use core::{hint::spin_loop, time::Duration};
use std::thread::available_parallelism;

/// Whether to look again for what the other end says, or to sleep until it comes.
#[derive(Debug)]
pub(super) struct Waking {
    has_processors: bool,
    /// How long it looks again for what is waited for, by [`SystemClock`]; absent before the first look.
    until: Option<Duration>,
    /// So many answers more it sleeps at once.
    skipped: u32,
}

impl Waking {
    /// On a single processor the other end cannot answer meanwhile. Asks the system, so it is done before the process
    /// is confined.
    pub(super) fn of_this_machine() -> Self {
        Self {
            has_processors: available_parallelism().is_ok_and(|count| count.get() > 1),
            until: None,
            skipped: 0,
        }
    }

    /// Whether to look once more before sleeping. The processor is not yielded: where others wait for it, it would come
    /// back only when their time is used up.
    pub(super) fn looks_again(&mut self) -> bool {
        if !self.has_processors || self.skipped > 0 {
            return false;
        }
        spin_loop();
        self.looks_at(SystemClock.now())
    }

    fn looks_at(&mut self, now: Duration) -> bool {
        now < *self.until.get_or_insert(now.saturating_add(SPIN))
    }

    /// What was waited for has come. Where that was soon after it slept, the answer probably waited for its processor.
    pub(super) fn came(&mut self) {
        self.skipped = self.skipped.saturating_sub(1);
        if let Some(until) = self.until.take() {
            self.came_at(SystemClock.now(), until);
        }
    }

    fn came_at(&mut self, now: Duration, until: Duration) {
        let slept = now.checked_sub(until);
        if slept.is_some_and(|slept| slept < SPIN) {
            self.skipped = SKIPPED;
        }
    }
}

/// About as long as the system takes to wake a process, 20 to 50 us on Linux. So looking again at most doubles that.
const SPIN: Duration = Duration::from_micros(50);

/// On a busy machine it is tried again after so many answers, so that it costs little where it does not pay.
const SKIPPED: u32 = 32;

#[cfg(test)]
mod tests {
    use super::*;

    /// Later than the clock of the machine.
    const NOW: Duration = Duration::from_secs(1 << 40);

    fn waking() -> Waking {
        Waking {
            has_processors: true,
            until: None,
            skipped: 0,
        }
    }

    #[test]
    fn it_looks_again_for_so_long_and_then_sleeps() {
        let mut waking = waking();
        assert!(waking.looks_at(NOW));
        assert!(waking.looks_at(NOW + SPIN / 2));
        assert!(!waking.looks_at(NOW + SPIN));
        waking.came();
        assert!(waking.looks_at(NOW + SPIN), "for the next answer");
    }

    #[test]
    fn where_looking_was_in_the_way_it_sleeps_at_once_for_a_while() {
        let mut waking = waking();
        waking.came_at(NOW + SPIN / 2, NOW);
        for _ in 0..SKIPPED {
            assert!(!waking.looks_again());
            waking.came();
        }
        assert!(waking.looks_again());
    }

    #[test]
    fn what_came_while_it_looked_or_long_after_changes_nothing() {
        let mut waking = waking();
        waking.came_at(NOW, NOW + SPIN);
        assert_eq!(waking.skipped, 0);
        waking.came_at(NOW + 2 * SPIN, NOW);
        assert_eq!(waking.skipped, 0);
    }

    #[test]
    fn on_one_processor_it_never_looks_again() {
        let has_processors = false;
        assert!(
            !Waking {
                has_processors,
                ..waking()
            }
            .looks_again()
        );
    }
}
