//! The price of what is written into a body to observe it: nothing.
//!
//! A few operators do all the observing. In the engine of an observed module these cost nothing, so the fuel of all
//! that the guest has is what it was, but for its own uses of these few. They are paid for by two operators that the
//! guest no longer has: its `nop`s go, and each `local.set` becomes a `local.tee` and a `drop`. So no model of what the
//! interpreter charges is needed, and where: it charges for the same blocks, at the same places, the same sums.

use crate::module::{
    schedule::{NOP_FUEL, fuel_of},
    section,
};
use alloc::vec::Vec;
use wasmparser::Operator;

/// What a `local.set` costs in an observed module. A `nop` costs 1.
pub(in crate::module::rewrite) const LARGE_FUEL: u8 = 32;
/// What a `nop` costs there.
#[cfg(feature = "fuzz")]
pub(in crate::module::rewrite) const SMALL_FUEL: u8 = 1;

/// Tells the interpreter what costs nothing, and what pays for it.
pub(in crate::module) fn change(table: &mut wasmi::OperatorCost) {
    table.local_get = 0;
    table.local_tee = 0;
    table.i32_const = 0;
    table.i32_add = 0;
    table.i32_store = 0;
    table.global_get = 0;
    table.global_set = 0;
    table.call_indirect = 0;
    table.local_set = LARGE_FUEL;
    table.nop = 1;
}

/// What an operator of the guest has cost that costs nothing now.
pub(super) fn of(operator: &Operator<'_>) -> u64 {
    const LOCAL_GET: u8 = fuel_of("LocalGet");
    const LOCAL_SET: u8 = fuel_of("LocalSet");
    const LOCAL_TEE: u8 = fuel_of("LocalTee");
    const I32_CONST: u8 = fuel_of("I32Const");
    const I32_ADD: u8 = fuel_of("I32Add");
    const I32_STORE: u8 = fuel_of("I32Store");
    const GLOBAL_GET: u8 = fuel_of("GlobalGet");
    const GLOBAL_SET: u8 = fuel_of("GlobalSet");

    const CALL_INDIRECT: u8 = fuel_of("CallIndirect");

    let fuel = match operator {
        Operator::Nop => NOP_FUEL,
        Operator::LocalGet { .. } => LOCAL_GET,
        Operator::LocalSet { .. } => LOCAL_SET,
        Operator::LocalTee { .. } => LOCAL_TEE,
        Operator::I32Const { .. } => I32_CONST,
        Operator::I32Add => I32_ADD,
        Operator::I32Store { .. } => I32_STORE,
        Operator::GlobalGet { .. } => GLOBAL_GET,
        Operator::GlobalSet { .. } => GLOBAL_SET,
        Operator::CallIndirect { .. } => CALL_INDIRECT,
        _ => 0,
    };
    u64::from(fuel)
}

/// Writes what costs so much and does nothing, by a local that there is.
pub(in crate::module::rewrite) fn write(fuel: u64, local: u32, code: &mut Vec<u8>) {
    const NOP: u8 = 0x01;
    const LOCAL_GET: u8 = 0x20;
    const LOCAL_SET: u8 = 0x21;

    let large = u64::from(LARGE_FUEL);
    for _ in 0..fuel.checked_div(large).unwrap_or(0) {
        code.push(LOCAL_GET);
        section::write_u32(code, local);
        code.push(LOCAL_SET);
        section::write_u32(code, local);
    }
    for _ in 0..fuel.checked_rem(large).unwrap_or(0) {
        code.push(NOP);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_costs_what_it_should() {
        for fuel in [0, 1, 31, 32, 33, 255, 51_000] {
            let mut code = Vec::new();
            write(fuel, 7, &mut code);
            let nops = code.iter().filter(|byte| **byte == 0x01).count();
            let large = code.iter().filter(|byte| **byte == 0x21).count();
            assert_eq!(nops + large * 32, usize::try_from(fuel).unwrap());
        }
    }
}
