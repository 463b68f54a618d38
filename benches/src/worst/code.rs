//! Opcodes, and short code that many bodies have.

use super::wasm::number;

pub(super) const BLOCK: u8 = 0x02;
pub(super) const LOOP: u8 = 0x03;
pub(super) const IF: u8 = 0x04;
pub(super) const ELSE: u8 = 0x05;
pub(super) const BR: u8 = 0x0c;
pub(super) const BR_IF: u8 = 0x0d;
pub(super) const BR_TABLE: u8 = 0x0e;
pub(super) const RETURN: u8 = 0x0f;
pub(super) const CALL: u8 = 0x10;
pub(super) const CALL_INDIRECT: u8 = 0x11;
pub(super) const DROP: u8 = 0x1a;
pub(super) const GET: u8 = 0x20;
pub(super) const SET: u8 = 0x21;
pub(super) const TEE: u8 = 0x22;
pub(super) const GLOBAL_GET: u8 = 0x23;
/// `i32.const`
pub(super) const CONST: u8 = 0x41;
pub(super) const ADD: u8 = 0x6a;
/// A block without parameters and results.
pub(super) const EMPTY: u8 = 0x40;

/// The same code so many times.
pub(super) fn times(code: &[u8], times: usize) -> Vec<u8> {
    code.repeat(times)
}

pub(super) fn concat(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

/// So many zeros on the stack.
pub(super) fn zeros(count: usize) -> Vec<u8> {
    times(&[CONST, 0], count)
}

/// A table of branches to these labels in turn, and to label 0.
pub(super) fn table(targets: usize, labels: &[u8]) -> Vec<u8> {
    let targets: Vec<u8> = labels.iter().copied().cycle().take(targets).collect();
    let count = number(u32::try_from(targets.len()).expect("tables are short"));
    concat(&[&[BR_TABLE], &count, &targets, &[0]])
}
