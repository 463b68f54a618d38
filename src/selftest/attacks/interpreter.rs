//! Faults of the interpreter that a guest would reach, did fuelbox not rewrite or refuse it: docs/engine.md.

use crate::selftest::attack::Attack;

pub(super) const ATTACKS: &[Attack] = &[
    hostile!(
        "stale_cells",
        "a cell of the stack that nobody wrote, read where a local lies below a block with a parameter",
        "finished 0"
    ),
    hostile!(
        "table_of_branches",
        "a table of branches that carry two values, between labels of one height",
        "finished 0"
    ),
    hostile!(
        "loop_beside_computed",
        "a loop with a parameter, while a computed local is in the register that the parameter takes",
        "finished 0"
    ),
    hostile!(
        "if_without_else",
        "a condition with a parameter and no else, in which a local comes into the register of the result",
        "finished 0"
    ),
    hostile!(
        "select_by_zero",
        "a choice by a comparison with zero, while a register holds something else",
        "finished 0"
    ),
    hostile!(
        "forged_function",
        "a reference to a function out of a cell of the stack that nobody wrote",
        "trap-indirect-call-to-null"
    ),
    hostile!(
        "number_as_function",
        "a number where a reference to a function is: numbers and references share a register",
        "trap-indirect-call-to-null"
    ),
    hostile!(
        "nested_constant",
        "a constant that nests, which the interpreter computes on the native stack",
        "module-limit"
    ),
    Attack::new(
        "nested_constant_of_20000",
        "a constant of 20,000 operators, which would overflow a native stack",
        &DEEP,
        "module-limit",
    ),
    hostile!(
        "appended_call",
        "a call of the function that a growth becomes, which the module does not have",
        "invalid-module"
    ),
    hostile!(
        "appended_export",
        "an export of the function that a growth becomes, which the module does not have",
        "invalid-module"
    ),
    hostile!(
        "appended_type",
        "a call by the type of the function that a growth becomes",
        "invalid-module"
    ),
    hostile!(
        "appended_local",
        "a local that carries a value in place of a block, which the function does not have",
        "invalid-module"
    ),
];

/// `(module (global i32 i32.const 0 i32.const 0 i32.add ..))`, with 10,000 sums.
static DEEP: [u8; DEEP_BYTES] = deep();

const SUMS: usize = 10_000;
const SUM: [u8; 3] = [0x41, 0, 0x6a];
/// The section of globals has 30,006 bytes, in LEB128.
const HEAD: [u8; 17] = *b"\0asm\x01\0\0\0\x06\xb6\xea\x01\x01\x7f\0\x41\0";
const END: u8 = 0x0b;
const DEEP_BYTES: usize = HEAD.len() + SUMS * SUM.len() + 1;

/// Built by the compiler, so that the source stays short.
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "nothing of it runs; beyond the end it would not compile"
)]
const fn deep() -> [u8; DEEP_BYTES] {
    let mut wasm = [END; DEEP_BYTES];
    let mut at = 0;
    while at < DEEP_BYTES - 1 {
        wasm[at] = if at < HEAD.len() {
            HEAD[at]
        } else {
            SUM[(at - HEAD.len()) % SUM.len()]
        };
        at += 1;
    }
    wasm
}
