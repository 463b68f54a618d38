//! Operators at which a guest can stop.

use crate::module::opcode::{BULK, MEMORY_GROW, VECTOR};
use wasmparser::{BinaryReader, Operator};

/// What can happen at an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Site {
    /// It may trap.
    Trap,
    /// It calls, and comes back.
    Call,
    /// It calls, and does not come back.
    TailCall,
}

/// What can happen at an operator with these bytes; nothing at most.
pub(super) fn of(operator: &Operator<'_>, bytes: &[u8]) -> Option<Site> {
    match operator {
        Operator::Call { .. } | Operator::CallIndirect { .. } => Some(Site::Call),
        Operator::ReturnCall { .. } | Operator::ReturnCallIndirect { .. } => Some(Site::TailCall),
        _ => may_trap(bytes).then_some(Site::Trap),
    }
}

// First bytes of operators, as the specification numbers them.
const UNREACHABLE: u8 = 0x00;
const TABLE_GET: u8 = 0x25;
const TABLE_SET: u8 = 0x26;
const OF_MEMORY: core::ops::RangeInclusive<u8> = 0x28..=0x3e;
const I32_DIVISIONS: core::ops::RangeInclusive<u8> = 0x6d..=0x70;
const I64_DIVISIONS: core::ops::RangeInclusive<u8> = 0x7f..=0x82;
const I32_TRUNCATIONS: core::ops::RangeInclusive<u8> = 0xa8..=0xab;
const I64_TRUNCATIONS: core::ops::RangeInclusive<u8> = 0xae..=0xb1;

fn may_trap(bytes: &[u8]) -> bool {
    let Some((&first, rest)) = bytes.split_first() else {
        return false;
    };
    match first {
        UNREACHABLE | TABLE_GET | TABLE_SET | MEMORY_GROW => true,
        // From `memory.init` on.
        BULK => number(rest).is_some_and(|number| number >= 8),
        // Loads and stores, whole, by lanes, and with zeros.
        VECTOR => number(rest).is_some_and(|number| matches!(number, 0..=11 | 84..=93)),
        _ => [
            OF_MEMORY,
            I32_DIVISIONS,
            I64_DIVISIONS,
            I32_TRUNCATIONS,
            I64_TRUNCATIONS,
        ]
        .iter()
        .any(|range| range.contains(&first)),
    }
}

fn number(bytes: &[u8]) -> Option<u32> {
    BinaryReader::new(bytes, 0).read_var_u32().ok()
}
