//! The inode numbers that a guest sees.

use alloc::collections::BTreeMap;

/// What tells two files apart on the host's system: device and inode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Identity {
    pub(super) device: u64,
    pub(super) inode: u64,
}

/// The numbers that a guest sees in place of the host's: 1, 2, 3 in the order in which it comes to see
/// what they belong to. So they say nothing about the machine, and are the same on another one.
pub(super) struct Numbers {
    known: BTreeMap<Identity, u64>,
    next: u64,
}

impl Numbers {
    pub(super) fn new() -> Self {
        Self {
            known: BTreeMap::new(),
            next: 1,
        }
    }

    /// The number of what has this identity. What is seen when too many are known gets a new one each
    /// time: two may seem to be two that are one, but never one that are two.
    pub(super) fn of(&mut self, identity: Identity) -> u64 {
        if let Some(number) = self.known.get(&identity) {
            return *number;
        }
        let number = self.next;
        self.next = number.saturating_add(1);
        if self.known.len() < MOST_KNOWN {
            self.known.insert(identity, number);
        }
        number
    }

    /// Forgets what is no more, as the host's system may give its identity to something else.
    pub(super) fn forget(&mut self, identity: Identity) {
        self.known.remove(&identity);
    }
}

/// The host keeps some 3 MB for as many.
const MOST_KNOWN: usize = 65_536;

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(inode: u64) -> Identity {
        Identity { device: 5, inode }
    }

    #[test]
    fn numbers_are_given_in_the_order_of_being_seen() {
        let mut numbers = Numbers::new();
        let seen = [900, 7, 900].map(|inode| numbers.of(identity(inode)));
        assert_eq!(seen, [1, 2, 1]);
        numbers.forget(identity(900));
        assert_eq!(numbers.of(identity(900)), 3);
    }

    #[test]
    fn what_is_known_is_bounded_and_no_number_is_given_twice() {
        let mut numbers = Numbers::new();
        for inode in 0..70_000 {
            numbers.of(identity(inode));
        }
        assert_eq!(numbers.known.len(), MOST_KNOWN);
        assert_eq!(numbers.of(identity(0)), 1);
        assert_eq!(numbers.of(identity(69_999)), 70_001);
        assert_eq!(numbers.of(identity(69_999)), 70_002);
    }
}
