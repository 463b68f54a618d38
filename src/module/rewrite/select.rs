//! A comparison with zero and the `select` that it decides, kept apart.
//!
//! wasmi 2.0.0 makes one operator of `i32.eqz`, `i32.eq` or `i32.ne` and a `select` right behind it, and then tests
//! what the register holds in place of the value that was compared (docs/engine.md). A constant that is dropped
//! between the two keeps it from that, and costs nothing: no operator comes of it.

use crate::module::opcode::{DROP, I32_CONST};
use alloc::vec::Vec;
use wasmparser::Operator;

/// Whether the operator before was such a comparison.
#[derive(Default)]
pub(super) struct Selects {
    is_compared: bool,
}

impl Selects {
    /// Writes what has to stand before `operator`.
    pub(super) fn write_before(&mut self, operator: &Operator<'_>, code: &mut Vec<u8>) {
        const ZERO: u8 = 0;

        match operator {
            Operator::I32Eqz | Operator::I32Eq | Operator::I32Ne => self.is_compared = true,
            // The interpreter does not see them.
            Operator::Nop => {}
            Operator::Select | Operator::TypedSelect { .. } if self.is_compared => {
                code.extend_from_slice(&[I32_CONST, ZERO, DROP]);
                self.is_compared = false;
            }
            _ => self.is_compared = false,
        }
    }
}
