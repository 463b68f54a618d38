//! The price of what is written into a body to observe it: nothing.
//!
//! A few operators do all the observing. In the engine of an observed module these cost nothing, so the fuel of all
//! that the guest has is what it was, but for its own uses of these few. They are paid for by two operators that the
//! guest no longer has: its `nop`s go, and each `local.set` becomes a `local.tee` and a `drop`. So no model of what the
//! interpreter charges is needed, and where: it charges for the same blocks, at the same places, the same sums.

use crate::module::{
    opcode::{LOCAL_GET, LOCAL_SET, NOP},
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

/// The operators that do the observing: how they are written, and the names that the interpreter has for them.
macro_rules! observing {
    ($($operator:pat => $field:ident),+ $(,)?) => {
        /// Tells the interpreter what costs nothing, and what pays for it.
        pub(in crate::module) fn change(table: &mut wasmi::OperatorCost) {
            $(table.$field = 0;)+
            table.local_set = LARGE_FUEL;
            table.nop = 1;
        }

        /// What an operator of the guest has cost that costs nothing now.
        pub(super) fn of(operator: &Operator<'_>) -> u64 {
            match operator {
                Operator::Nop => NOP_FUEL.into(),
                Operator::LocalSet { .. } => const { fuel_of("LocalSet") }.into(),
                $($operator => const { fuel_of(stringify!($field)) }.into(),)+
                _ => 0,
            }
        }
    };
}

observing! {
    Operator::LocalGet { .. } => local_get,
    Operator::LocalTee { .. } => local_tee,
    Operator::GlobalGet { .. } => global_get,
    Operator::GlobalSet { .. } => global_set,
    Operator::CallIndirect { .. } => call_indirect,
    Operator::I32Const { .. } => i32_const,
    Operator::I32Add => i32_add,
    Operator::I32Store { .. } => i32_store,
    // What keeps locals.
    Operator::I32And => i32_and,
    Operator::I32Mul => i32_mul,
    Operator::F32Store { .. } => f32_store,
    Operator::F64Store { .. } => f64_store,
    // What counts blocks, and keeps locals too.
    Operator::I32Shl => i32_shl,
    Operator::I32WrapI64 => i32_wrap_i64,
    Operator::I64ExtendI32U => i64_extend_i32_u,
    Operator::I64Const { .. } => i64_const,
    Operator::I64Load { .. } => i64_load,
    Operator::I64Store { .. } => i64_store,
    Operator::I64Add => i64_add,
    Operator::I64Sub => i64_sub,
    Operator::I64And => i64_and,
    Operator::I64ShrS => i64_shr_s,
}

/// Writes what costs so much and does nothing, by a local that there is.
pub(in crate::module::rewrite) fn write(fuel: u64, local: u32, code: &mut Vec<u8>) {
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
