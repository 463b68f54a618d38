//! Random bytes.

use crate::sys;

/// Random bytes, where the host grants them.
///
/// A host may grant the same bytes in each run; they are not for keys.
///
/// ```
/// use fuelbox_guest::Random;
///
/// fn run(_: &[u8]) -> Result<String, core::fmt::Error> {
///     let mut salt = [0; 4];
///     Random.fill(&mut salt);
///     Ok(format!("{} {salt:?}", Random.number() % 6 + 1))
/// }
/// fuelbox_guest::entry!(run);
/// # fn main() {
/// # let host = || fuelbox_guest::mock::Host::new().random(7);
/// # assert_eq!(host().run(execute).output, host().run(execute).output);
/// # }
/// ```
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
