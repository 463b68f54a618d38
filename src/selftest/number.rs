//! Numbers as people read them.

use alloc::{
    format,
    string::{String, ToString},
};
use core::fmt;

/// A number with its digits grouped.
pub(super) struct Count(pub(super) u64);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        let mut grouped = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && digits.len().saturating_sub(at).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        f.pad(&grouped)
    }
}

/// A number of bytes, in the largest unit that it is a whole number of.
pub(super) struct Size(pub(super) u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str); 2] = [(1 << 20, "MiB"), (1 << 10, "KiB")];
        if self.0 == u64::MAX {
            return f.pad("max");
        }
        let text = UNITS
            .iter()
            .find(|(unit, _)| self.0 > 0 && self.0.is_multiple_of(*unit))
            .and_then(|(unit, name)| Some(format!("{}{name}", self.0.checked_div(*unit)?)))
            .unwrap_or_else(|| Count(self.0).to_string());
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped() {
        let shown = |number| Count(number).to_string();
        assert_eq!(shown(0), "0");
        assert_eq!(shown(999), "999");
        assert_eq!(shown(1_000), "1,000");
        assert_eq!(shown(u64::MAX), "18,446,744,073,709,551,615");
    }

    #[test]
    fn sizes_have_their_largest_whole_unit() {
        let shown = |number| Size(number).to_string();
        assert_eq!(shown(0), "0");
        assert_eq!(shown(1_025), "1,025");
        assert_eq!(shown(64 << 10), "64KiB");
        assert_eq!(shown(3 << 20), "3MiB");
        assert_eq!(shown(u64::MAX), "max");
    }
}
