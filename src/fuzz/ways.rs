//! The ways that a guest took, and what it compared to find them.

/// How often a guest took each of its ways.
///
/// There is a counter for each function that it entered, and for each way that an `if`, a `br_if` or a `br_table` can
/// go. They are numbered in the order of the code, and the numbers of a module never change.
#[derive(Clone, Copy, Debug)]
pub struct Edges<'a> {
    counters: &'a [[u8; 4]],
}

/// Two whole numbers that a guest compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Compare {
    /// The number of the place in the code, from 0.
    pub place: u32,
    /// The first one, as an unsigned number.
    pub left: u64,
    /// The second one.
    pub right: u64,
    /// How many bits each has: 32 or 64.
    pub bits: u32,
}

impl<'a> Edges<'a> {
    pub(super) fn new(counters: &'a [[u8; 4]]) -> Self {
        Self { counters }
    }

    /// How many ways there are, taken or not.
    #[must_use]
    pub fn len(self) -> usize {
        self.counters.len()
    }

    /// Whether there are none, as in a module that is not traced.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.counters.is_empty()
    }

    /// How often the way of this number was taken.
    #[must_use]
    pub fn count(self, number: usize) -> u32 {
        let counter = self.counters.get(number);
        counter.map_or(0, |counter| u32::from_le_bytes(*counter))
    }

    /// The ways that were taken, by number, and how often each was.
    pub fn taken(self) -> impl Iterator<Item = (usize, u32)> + 'a {
        /// Most are not taken: so many are passed over at once.
        const AT_ONCE: usize = 8;
        const NONE: [[u8; 4]; AT_ONCE] = [[0; 4]; AT_ONCE];

        let (groups, rest) = self.counters.as_chunks::<AT_ONCE>();
        let first_of_rest = groups.len().saturating_mul(AT_ONCE);
        let groups = groups.iter().zip((0..).step_by(AT_ONCE));
        let taken = groups.filter(|(group, _)| **group != NONE);
        let taken = taken.flat_map(|(group, first)| group.iter().zip(first..));
        let all = taken.chain(rest.iter().zip(first_of_rest..));
        let all = all.map(|(counter, number)| (number, u32::from_le_bytes(*counter)));
        all.filter(|(_, count)| *count > 0)
    }
}
