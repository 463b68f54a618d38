//! Reports as one number, to compare them between machines that do not see each other.

use super::same_but_for_time;
use fuelbox::{Report, Value};
use std::fmt::{self, Display, Formatter};

/// What is left of all reports that were added: the same number for the same reports in the same order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Digest(u64);

impl Digest {
    /// Adds all of a report, but for time and slices.
    pub(crate) fn add(&mut self, report: &Report) {
        let report = same_but_for_time(report.clone());
        // A NaN shows as such, whatever its bits.
        for value in &report.values {
            match value {
                Value::F32(value) => self.add_bytes(&value.to_bits().to_le_bytes()),
                Value::F64(value) => self.add_bytes(&value.to_bits().to_le_bytes()),
                _ => {}
            }
        }
        self.add_bytes(format!("{report:?}").as_bytes());
    }

    /// Adds the reports of another.
    pub(crate) fn add_all(&mut self, other: Self) {
        self.add_bytes(&other.0.to_le_bytes());
    }

    /// FNV-1a.
    fn add_bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

impl Default for Digest {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Display for Digest {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}
