//! Coverage: which ways were taken so far, and about how often.

use crate::guest::Seen;

/// Which ways were taken so far, each about how often: once, twice, three times, up to 7, 15, 31, 127, more.
#[derive(Clone, Debug, Default)]
pub(crate) struct Coverage {
    /// For each way, by number, a bit for each class of counts.
    classes: Vec<u8>,
    ways: usize,
}

impl Coverage {
    /// Adds what a run took; says whether anything of it is new.
    pub(crate) fn add(&mut self, seen: &Seen) -> bool {
        let mut is_new = false;
        for (way, count) in &seen.ways {
            let way = usize::try_from(*way).unwrap_or(usize::MAX);
            if way >= self.classes.len() {
                self.classes.resize(way.saturating_add(1), 0);
            }
            let (Some(classes), class) = (self.classes.get_mut(way), class(*count)) else {
                continue;
            };
            if *classes & class == 0 {
                self.ways = self.ways.saturating_add((*classes == 0).into());
                *classes |= class;
                is_new = true;
            }
        }
        is_new
    }

    /// How many ways were taken.
    pub(crate) fn ways(&self) -> usize {
        self.ways
    }
}

/// The bit of the class that a count is in.
pub(crate) fn class(count: u32) -> u8 {
    match count {
        0..=1 => 1,
        2 => 1 << 1,
        3 => 1 << 2,
        4..=7 => 1 << 3,
        8..=15 => 1 << 4,
        16..=31 => 1 << 5,
        32..=127 => 1 << 6,
        _ => 1 << 7,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(ways: &[(u32, u32)]) -> Seen {
        Seen {
            ways: ways.into(),
            ..Seen::default()
        }
    }

    #[test]
    fn a_way_is_new_and_so_is_taking_it_much_more_often() {
        let mut coverage = Coverage::default();
        assert!(coverage.add(&seen(&[(3, 1)])));
        assert!(!coverage.add(&seen(&[(3, 1)])));
        assert!(coverage.add(&seen(&[(3, 9)])));
        assert!(!coverage.add(&seen(&[(3, 15)])));
        assert!(coverage.add(&seen(&[(3, 1), (0, 1)])));
        assert_eq!(coverage.ways(), 2);
        assert!(!coverage.add(&seen(&[])));
    }
}
