//! The limits of an attack, written as the headers of `tests/hostile` write them.

use crate::{
    limits::{Limits, MemoryDenial},
    module_limits::ModuleLimits,
};
use alloc::{string::String, string::ToString};
use core::{fmt, time::Duration};

/// One limit of a run or of a module.
#[derive(Clone, Copy, Debug)]
pub(super) enum Bound {
    Fuel(u64),
    DeadlineMillis(u64),
    MemoryBytes(u64),
    Refuse,
    TableElements(u64),
    OutputBytes(u64),
    LogLines(u64),
    StackBytes(u64),
    ModuleBytes(u64),
    Functions(u64),
}

impl Bound {
    pub(super) fn set(self, limits: Limits) -> Limits {
        match self {
            Self::Fuel(fuel) => limits.fuel(fuel),
            Self::DeadlineMillis(millis) => limits.deadline(Duration::from_millis(millis)),
            Self::MemoryBytes(bytes) => limits.memory_bytes(bytes),
            Self::Refuse => limits.memory_denial(MemoryDenial::Refuse),
            Self::TableElements(elements) => limits.table_elements(elements),
            Self::OutputBytes(bytes) => limits.output_bytes(bytes),
            Self::LogLines(lines) => limits.log_lines(lines),
            Self::StackBytes(_) | Self::ModuleBytes(_) | Self::Functions(_) => limits,
        }
    }

    pub(super) fn set_of_module(self, limits: ModuleLimits) -> ModuleLimits {
        match self {
            Self::StackBytes(bytes) => limits.stack_bytes(bytes),
            Self::ModuleBytes(bytes) => limits.module_bytes(bytes),
            Self::Functions(functions) => limits.functions(functions),
            _ => limits,
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Fuel(fuel) => write!(f, "fuel {}", Count(fuel)),
            Self::DeadlineMillis(millis) => write!(f, "deadline {millis}ms"),
            Self::MemoryBytes(bytes) => write!(f, "memory {}", Size(bytes)),
            Self::Refuse => f.write_str("denial refuse"),
            Self::TableElements(elements) => write!(f, "table {}", Count(elements)),
            Self::OutputBytes(bytes) => write!(f, "output_limit {}", Size(bytes)),
            Self::LogLines(lines) => write!(f, "log_lines {}", Count(lines)),
            Self::StackBytes(bytes) => write!(f, "stack {}", Size(bytes)),
            Self::ModuleBytes(bytes) => write!(f, "module_bytes {}", Size(bytes)),
            Self::Functions(functions) => write!(f, "functions {}", Count(functions)),
        }
    }
}

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
            .and_then(|(unit, name)| Some(alloc::format!("{}{name}", self.0.checked_div(*unit)?)))
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
