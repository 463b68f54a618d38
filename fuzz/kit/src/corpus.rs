//! A corpus: the inputs that have led a guest to new ways, and which of them comes next.

use crate::{guest::Seen, random::Random};
use std::collections::BTreeSet;

/// The inputs that have led to new ways.
#[derive(Clone, Debug, Default)]
pub(crate) struct Corpus {
    inputs: Vec<Kept>,
    /// For each way, by number, which input takes it at the least cost.
    cheapest: Vec<Option<usize>>,
    /// Those that are the cheapest for any way.
    favoured: Vec<usize>,
    /// How many of the inputs had their turn, in the order in which they came.
    had_turn: usize,
}

#[derive(Clone, Debug)]
struct Kept {
    bytes: Vec<u8>,
    /// Its length times its fuel.
    cost: u64,
}

impl Corpus {
    /// Keeps an input that took these ways.
    pub(crate) fn add(&mut self, bytes: &[u8], seen: &Seen) {
        let len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let cost = seen.fuel.saturating_mul(len.saturating_add(1));
        let number = self.inputs.len();
        self.inputs.push(Kept {
            bytes: bytes.into(),
            cost,
        });
        for (way, _) in &seen.ways {
            let way = usize::try_from(*way).unwrap_or(usize::MAX);
            if way >= self.cheapest.len() {
                self.cheapest.resize(way.saturating_add(1), None);
            }
            let Some(cheapest) = self.cheapest.get_mut(way) else {
                continue;
            };
            let other = cheapest.and_then(|other| self.inputs.get(other));
            if other.is_none_or(|other| cost < other.cost) {
                *cheapest = Some(number);
            }
        }
        let favoured: BTreeSet<usize> = self.cheapest.iter().flatten().copied().collect();
        self.favoured = favoured.into_iter().collect();
    }

    /// The number of the input whose turn it is: new ones first, then mostly the cheapest.
    pub(crate) fn next(&mut self, random: &mut Random) -> usize {
        /// So often any input has a turn.
        const ANY_IN: usize = 5;

        if self.had_turn < self.inputs.len() {
            let next = self.had_turn;
            self.had_turn = next.saturating_add(1);
            return next;
        }
        let favoured = random.one_of(&self.favoured).copied();
        if random.one_in(ANY_IN) {
            return random.below(self.inputs.len());
        }
        favoured.unwrap_or(0)
    }

    /// The bytes of an input.
    pub(crate) fn bytes(&self, number: usize) -> &[u8] {
        self.inputs.get(number).map_or(&[], |kept| &kept.bytes)
    }

    pub(crate) fn len(&self) -> usize {
        self.inputs.len()
    }

    pub(crate) fn inputs(&self) -> impl Iterator<Item = &[u8]> {
        self.inputs.iter().map(|kept| kept.bytes.as_slice())
    }
}
