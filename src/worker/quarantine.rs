//! Modules that are kept out because runs of them have ended workers.

use super::digest::Digest;
use alloc::collections::BTreeMap;
use core::time::Duration;

/// Modules that are kept out because runs of them have ended workers.
#[derive(Debug)]
pub(super) struct Quarantine {
    /// How many deaths of workers keep a module out.
    deaths: u32,
    /// For how long.
    time: Duration,
    records: BTreeMap<Digest, Record>,
}

/// What runs of one module have done.
#[derive(Clone, Copy, Debug)]
struct Record {
    deaths: u32,
    last: Duration,
}

impl Quarantine {
    /// Modules that are remembered: beyond them the one that was quiet longest is forgotten.
    const MOST: usize = 1_024;

    pub(super) fn new(deaths: u32, time: Duration) -> Self {
        Self {
            deaths,
            time,
            records: BTreeMap::new(),
        }
    }

    /// How long a module is kept out from now on; none where it is not.
    pub(super) fn left(&self, module: &Digest, now: Duration) -> Option<Duration> {
        let record = self.records.get(module)?;
        let left = record.last.saturating_add(self.time).checked_sub(now)?;
        (record.deaths >= self.deaths && !left.is_zero()).then_some(left)
    }

    /// A run of a module has ended its worker.
    pub(super) fn ended(&mut self, module: Digest, now: Duration) {
        self.records
            .retain(|_, record| now.saturating_sub(record.last) < self.time);
        if self.records.len() >= Self::MOST && !self.records.contains_key(&module) {
            let quiet = self.records.iter().min_by_key(|(_, record)| record.last);
            if let Some(quiet) = quiet.map(|(module, _)| *module) {
                self.records.remove(&quiet);
            }
        }
        let record = self.records.entry(module).or_insert(Record {
            deaths: 0,
            last: now,
        });
        record.deaths = record.deaths.saturating_add(1);
        record.last = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_module_is_kept_out_after_so_many_deaths_for_the_time() {
        let module = Digest::of(b"one");
        let mut quarantine = Quarantine::new(2, MINUTE);
        quarantine.ended(module, at(10));
        assert_eq!(quarantine.left(&module, at(10)), None);
        quarantine.ended(module, at(20));
        assert_eq!(quarantine.left(&module, at(20)), Some(MINUTE));
        assert_eq!(quarantine.left(&module, at(79)), Some(at(1)));
        assert_eq!(quarantine.left(&module, at(80)), None);
        assert_eq!(quarantine.left(&Digest::of(b"other"), at(20)), None);
    }

    #[test]
    fn deaths_that_are_long_ago_do_not_count() {
        let module = Digest::of(b"one");
        let mut quarantine = Quarantine::new(2, MINUTE);
        for round in 0..5 {
            quarantine.ended(module, at(round * 60));
            assert_eq!(quarantine.left(&module, at(round * 60)), None);
        }
    }

    #[test]
    fn only_so_many_modules_are_remembered_and_the_quietest_is_forgotten() {
        let mut quarantine = Quarantine::new(1, Duration::MAX);
        let module = |n: usize| Digest::of(&n.to_le_bytes());
        for (n, second) in (0..=Quarantine::MOST).zip(0..) {
            quarantine.ended(module(n), at(second));
        }
        assert_eq!(quarantine.records.len(), Quarantine::MOST);
        assert_eq!(quarantine.left(&module(0), at(0)), None);
        assert!(quarantine.left(&module(1), at(0)).is_some());
    }
}
