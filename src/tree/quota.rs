//! The quota: how much the part of a tree may use that the guest wrote.

use crate::tree::Errno;

/// What the guest's part of a tree takes and may take; what the host put in is not counted.
#[derive(Clone, Debug)]
pub(super) struct Quota {
    pub(super) bytes_limit: u64,
    pub(super) nodes_limit: u64,
    /// A further limit of bytes, from the run's memory.
    ceiling: u64,
    taken: Amount,
}

/// A part of what the guest's part takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Amount {
    pub(super) bytes: u64,
    pub(super) nodes: u64,
    pub(super) names: u64,
}

impl Quota {
    pub(super) fn new() -> Self {
        Self {
            bytes_limit: BYTES_LIMIT,
            nodes_limit: NODES_LIMIT,
            ceiling: u64::MAX,
            taken: Amount::default(),
        }
    }

    /// Lets the bytes grow by `room` at most, until it is called again.
    pub(super) fn set_room(&mut self, room: u64) {
        self.ceiling = self.taken.bytes.saturating_add(room);
    }

    /// Takes one amount in place of another; one that is no larger always fits.
    ///
    /// # Errors
    /// [`Errno::Nospc`]; then nothing has changed.
    pub(super) fn exchange(&mut self, gone: Amount, come: Amount) -> Result<(), Errno> {
        let bytes_limit = self.bytes_limit.min(self.ceiling);
        let taken = Amount {
            bytes: exchanged(self.taken.bytes, gone.bytes, come.bytes, bytes_limit)?,
            nodes: exchanged(self.taken.nodes, gone.nodes, come.nodes, self.nodes_limit)?,
            names: exchanged(self.taken.names, gone.names, come.names, self.nodes_limit)?,
        };
        self.taken = taken;
        Ok(())
    }

    pub(super) fn take(&mut self, come: Amount) -> Result<(), Errno> {
        self.exchange(Amount::default(), come)
    }

    pub(super) fn give_back(&mut self, gone: Amount) {
        self.taken = Amount {
            bytes: self.taken.bytes.saturating_sub(gone.bytes),
            nodes: self.taken.nodes.saturating_sub(gone.nodes),
            names: self.taken.names.saturating_sub(gone.names),
        };
    }

    /// Forgets what was counted and the room, as the run is over.
    pub(super) fn reset(&mut self) {
        *self = Self {
            bytes_limit: self.bytes_limit,
            nodes_limit: self.nodes_limit,
            ..Self::new()
        };
    }

    pub(super) fn bytes(&self) -> u64 {
        self.taken.bytes
    }

    /// By how much the bytes may grow.
    pub(super) fn room(&self) -> u64 {
        self.bytes_limit
            .min(self.ceiling)
            .saturating_sub(self.taken.bytes)
    }
}

fn exchanged(now: u64, gone: u64, come: u64, limit: u64) -> Result<u64, Errno> {
    let after = now.saturating_sub(gone).saturating_add(come);
    if after <= limit || come <= gone {
        Ok(after)
    } else {
        Err(Errno::Nospc)
    }
}

/// As much as a guest's memory by default.
const BYTES_LIMIT: u64 = 16 << 20;
/// A source tree fits, and what the host keeps for each node stays in the megabytes.
const NODES_LIMIT: u64 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(bytes: u64) -> Amount {
        Amount {
            bytes,
            ..Amount::default()
        }
    }

    #[test]
    fn the_lower_of_limit_and_room_holds() {
        let mut quota = Quota::new();
        quota.bytes_limit = 10;
        assert_eq!(quota.take(bytes(11)), Err(Errno::Nospc));
        assert_eq!(quota.take(bytes(6)), Ok(()));
        quota.set_room(1);
        assert_eq!(quota.room(), 1);
        assert_eq!(quota.take(bytes(2)), Err(Errno::Nospc));
        quota.set_room(100);
        assert_eq!(quota.room(), 4);
        assert_eq!(quota.exchange(bytes(1), bytes(5)), Ok(()));
        assert_eq!(quota.bytes(), 10);
    }

    #[test]
    fn what_shrinks_fits_where_there_is_no_room() {
        let mut quota = Quota::new();
        assert_eq!(quota.take(bytes(8)), Ok(()));
        quota.bytes_limit = 0;
        assert_eq!(quota.exchange(bytes(3), bytes(2)), Ok(()));
        assert_eq!(quota.bytes(), 7);
    }

    #[test]
    fn nodes_and_names_have_a_limit_each() {
        let mut quota = Quota::new();
        quota.nodes_limit = 1;
        let (node, name) = (
            Amount {
                nodes: 1,
                ..bytes(0)
            },
            Amount {
                names: 1,
                ..bytes(0)
            },
        );
        assert_eq!((quota.take(node), quota.take(name)), (Ok(()), Ok(())));
        assert_eq!(quota.take(node), Err(Errno::Nospc));
        assert_eq!(quota.take(name), Err(Errno::Nospc));
        quota.give_back(name);
        assert_eq!(quota.take(name), Ok(()));
    }
}
