//! Random bytes.

use crate::sys;

/// Random bytes, where the host grants them.
///
/// A host may grant the same bytes in each run; they are not for keys.
#[derive(Clone, Copy, Debug)]
pub struct Random;

impl Random {
    /// Fills `buffer`.
    pub fn fill(self, buffer: &mut [u8]) {
        sys::read_random(buffer);
    }

    /// A number of 64 random bits.
    pub fn number(self) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }
}
