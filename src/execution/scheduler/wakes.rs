//! The wakes: a heap of the times at which members that wait have to be looked at; any member can be taken from it.

use alloc::vec::Vec;

/// Members by the time at which they go on. Only a new member takes an allocation.
#[derive(Default)]
pub(super) struct Wakes {
    /// A binary heap: nobody is later than those below.
    heap: Vec<(u64, usize)>,
    /// Where in the heap each member is.
    places: Vec<Option<usize>>,
}

impl Wakes {
    /// Makes room for members up to `count`.
    pub(super) fn make_room(&mut self, count: usize) {
        if self.places.len() < count {
            self.places.resize(count, None);
        }
        self.heap.reserve(count.saturating_sub(self.heap.len()));
    }

    /// Puts in a member that is not there.
    pub(super) fn insert(&mut self, index: usize, nanos: u64) {
        let place = self.heap.len();
        self.heap.push((nanos, index));
        self.note(place);
        self.rise(place);
    }

    /// Takes a member out, if it is there.
    pub(super) fn remove(&mut self, index: usize) {
        let Some(place) = self.places.get_mut(index).and_then(Option::take) else {
            return;
        };
        self.heap.swap_remove(place);
        // Whoever has come in its place may belong further up or further down.
        self.note(place);
        self.rise(place);
        self.sink(place);
    }

    /// The earliest time.
    pub(super) fn earliest_nanos(&self) -> Option<u64> {
        self.heap.first().map(|(nanos, _)| *nanos)
    }

    /// Takes out the member whose time has come first, if any has.
    pub(super) fn pop_due(&mut self, now_nanos: u64) -> Option<usize> {
        let (nanos, index) = *self.heap.first()?;
        if nanos > now_nanos {
            return None;
        }
        self.remove(index);
        Some(index)
    }

    fn rise(&mut self, mut place: usize) {
        while let Some(above) = place.checked_sub(1).map(|before| before / 2) {
            if self.heap.get(above) <= self.heap.get(place) || place >= self.heap.len() {
                return;
            }
            self.swap(place, above);
            place = above;
        }
    }

    fn sink(&mut self, mut place: usize) {
        loop {
            let left = place.saturating_mul(2).saturating_add(1);
            let below = [left, left.saturating_add(1)].into_iter();
            let below = below.filter(|below| *below < self.heap.len());
            let Some(least) = below.min_by_key(|below| self.heap.get(*below)) else {
                return;
            };
            if self.heap.get(place) <= self.heap.get(least) {
                return;
            }
            self.swap(place, least);
            place = least;
        }
    }

    fn swap(&mut self, one: usize, other: usize) {
        self.heap.swap(one, other);
        self.note(one);
        self.note(other);
    }

    fn note(&mut self, place: usize) {
        if let Some((_, index)) = self.heap.get(place) {
            let noted = self.places.get_mut(*index);
            *noted.expect("there is room for every member") = Some(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn they_come_out_in_the_order_of_their_times(
            acts in proptest::collection::vec((any::<bool>(), 0_usize..12, 0_u64..20), 0..80),
        ) {
            let mut wakes = Wakes::default();
            wakes.make_room(12);
            let mut expected = BTreeSet::new();
            for (inserts, index, nanos) in acts {
                if inserts && expected.iter().all(|(_, other)| *other != index) {
                    wakes.insert(index, nanos);
                    expected.insert((nanos, index));
                } else {
                    wakes.remove(index);
                    expected.retain(|(_, other)| *other != index);
                }
                let earliest = expected.first().map(|(nanos, _)| *nanos);
                prop_assert_eq!(wakes.earliest_nanos(), earliest);
            }
            for now in 0..20 {
                while let Some(index) = wakes.pop_due(now) {
                    prop_assert_eq!(expected.pop_first(), Some((now, index)));
                }
            }
            prop_assert!(expected.is_empty());
        }
    }
}
