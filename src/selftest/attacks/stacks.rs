//! Stacks and traps: the guest's stack is not the host's, and what WebAssembly forbids ends the run alone.

use crate::selftest::{
    attack::Attack,
    bound::Bound::{Fuel, StackBytes},
};

pub(super) const ATTACKS: &[Attack] = &[
    hostile!("recursion", "endless recursion", "trap-stack-overflow"),
    hostile!(
        "recursion_through_table",
        "two functions that call each other through a table for ever",
        "trap-stack-overflow"
    ),
    hostile!(
        "stack_bytes",
        "recursion that needs few calls and much stack",
        "trap-stack-overflow"
    )
    .within(&[StackBytes(64 << 10)]),
    hostile!(
        "operands",
        "recursion with 64 operands waiting on the stack at each call",
        "trap-stack-overflow"
    )
    .within(&[StackBytes(64 << 10)]),
    hostile!("unreachable", "a trap", "trap-unreachable"),
    hostile!(
        "divide_by_zero",
        "a division by zero",
        "trap-integer-division-by-zero"
    ),
    hostile!(
        "divide_minimum",
        "the least number by -1",
        "trap-integer-overflow"
    ),
    hostile!(
        "load_out_of_bounds",
        "a load beyond the memory: a trap, no limit",
        "trap-memory-out-of-bounds"
    ),
    hostile!(
        "load_with_offset",
        "a load whose address and offset add up to more than 32 bits",
        "trap-memory-out-of-bounds"
    ),
    hostile!(
        "fill_of_4_gib",
        "a fill of 4 GiB in a memory of one page",
        "trap-memory-out-of-bounds"
    )
    .within(&[Fuel(1_000)]),
    hostile!(
        "call_null",
        "an indirect call through an empty element",
        "trap-indirect-call-to-null"
    ),
    hostile!(
        "call_mistyped",
        "an indirect call of a function of another type",
        "trap-bad-signature"
    ),
    hostile!(
        "call_outside_table",
        "an indirect call beyond the table",
        "trap-table-out-of-bounds"
    ),
];
