//! The price of what is written into a body to trace it: nothing, as for `observe`.
//!
//! More operators cost nothing here, since counting takes loads and sums. The guest pays for its own uses of them as
//! there.

use crate::module::{
    rewrite::observe::price::{LARGE_FUEL, SMALL_FUEL},
    schedule::{NOP_FUEL, fuel_of},
};
use wasmparser::Operator;

pub(super) use crate::module::rewrite::observe::price::write;

/// Operators that cost nothing in a traced module, and what they cost elsewhere.
macro_rules! free {
    ($($operator:ident: $field:ident),+) => {
        /// Tells the interpreter what costs nothing, and what pays for it.
        pub(in crate::module) fn change(table: &mut wasmi::OperatorCost) {
            $(table.$field = 0;)+
            table.local_set = LARGE_FUEL;
            table.nop = SMALL_FUEL;
        }

        /// What an operator of the guest has cost that costs nothing now, or is left out.
        pub(super) fn of(operator: &Operator<'_>) -> u64 {
            const LOCAL_SET: u8 = fuel_of("LocalSet");

            let fuel = match operator {
                $(Operator::$operator { .. } => const { fuel_of(stringify!($operator)) },)+
                Operator::LocalSet { .. } => LOCAL_SET,
                Operator::Nop => NOP_FUEL,
                _ => 0,
            };
            u64::from(fuel)
        }
    };
}

free! {
    LocalGet: local_get,
    LocalTee: local_tee,
    Select: select,
    I32Const: i32_const,
    I32Add: i32_add,
    I32And: i32_and,
    I32Shl: i32_shl,
    I32ShrU: i32_shr_u,
    I32Ne: i32_ne,
    I32LtU: i32_lt_u,
    I32Load: i32_load,
    I32Store: i32_store,
    I32Store8: i32_store8,
    I64Store: i64_store
}
