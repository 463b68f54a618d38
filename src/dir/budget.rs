//! The budget of a guest in a directory: what it may still write and make.

use crate::tree::Errno;

/// What a guest may still write and make in its run; nothing is given back.
pub(super) struct Budget {
    bytes: u64,
    nodes: u64,
}

impl Budget {
    pub(super) fn new(bytes: u64, nodes: u64) -> Self {
        Self { bytes, nodes }
    }

    /// How many bytes may still be written.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Carries out `make`, which takes one node and `bytes`, if they are there. What fails takes nothing.
    ///
    /// # Errors
    /// `NOSPC`, and those of `make`.
    pub(super) fn node<T>(
        &mut self,
        bytes: u64,
        make: impl FnOnce() -> Result<T, Errno>,
    ) -> Result<T, Errno> {
        let nodes = self.nodes.checked_sub(1).ok_or(Errno::Nospc)?;
        let bytes = self.bytes.checked_sub(bytes).ok_or(Errno::Nospc)?;
        let made = make()?;
        *self = Self { bytes, nodes };
        Ok(made)
    }

    /// Carries out `write`, which takes at most `bytes` and says how many it did, if they are there. What
    /// fails takes nothing.
    ///
    /// # Errors
    /// `NOSPC`, and those of `write`.
    pub(super) fn write(
        &mut self,
        bytes: u64,
        write: impl FnOnce() -> Result<u64, Errno>,
    ) -> Result<u64, Errno> {
        if bytes > self.bytes {
            return Err(Errno::Nospc);
        }
        let written = write()?;
        self.bytes = self.bytes.saturating_sub(written);
        Ok(written)
    }
}

/// As much as a guest's memory by default.
pub(super) const BYTES_LIMIT: u64 = 16 << 20;
/// A source tree fits.
pub(super) const NODES_LIMIT: u64 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_is_taken_and_what_fails_is_not() {
        let mut budget = Budget::new(10, 2);
        assert_eq!(budget.node(4, || Ok(7)), Ok(7));
        assert_eq!(
            budget.node(4, || Err::<(), _>(Errno::Exist)),
            Err(Errno::Exist)
        );
        assert_eq!(budget.node(7, || Ok(())), Err(Errno::Nospc));
        assert_eq!(budget.write(6, || Ok(2)), Ok(2));
        assert_eq!(budget.write(4, || Err(Errno::Io)), Err(Errno::Io));
        assert_eq!(budget.bytes(), 4);
        assert_eq!(budget.write(5, || Ok(5)), Err(Errno::Nospc));
        assert_eq!(budget.node(4, || Ok(())), Ok(()));
        assert_eq!(budget.node(0, || Ok(())), Err(Errno::Nospc));
    }
}
