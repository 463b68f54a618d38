//! Counters of blocks and of the ways that branches take, in the memory of ours behind the frames.

use super::Numbers;
use crate::module::{
    opcode::{I32_CONST, I64_CONST, LOCAL_GET, LOCAL_TEE},
    section,
};
use alloc::vec::Vec;

/// Bytes of a counter.
pub(super) const COUNTER_BYTES: u64 = 8;

/// Where the counters stand, and the locals that counting takes.
#[derive(Clone, Copy)]
pub(super) struct Counters {
    /// Where the first stands in the memory of ours.
    pub(super) start: u64,
    /// The first local that the function does not have itself.
    pub(super) locals: u32,
}

/// Groups of locals that counting takes, as the binary format writes them: two of 32 bits, one of 64.
pub(super) const LOCALS: [u8; 4] = [2, 0x7f, 1, 0x7e];
pub(super) const GROUPS: u32 = 2;

// Opcodes, as the specification numbers them.
const I64_LOAD: u8 = 0x29;
const I64_STORE: u8 = 0x37;
const I32_SHL: u8 = 0x74;
const I64_ADD: u8 = 0x7c;
const I64_SUB: u8 = 0x7d;
const I64_AND: u8 = 0x83;
const I64_SHR_S: u8 = 0x87;
const I32_WRAP_I64: u8 = 0xa7;
const I64_EXTEND_I32_U: u8 = 0xad;

impl Counters {
    /// Writes what adds one to a counter.
    pub(super) fn count(self, counter: usize, numbers: &Numbers, code: &mut Vec<u8>) {
        const ZERO: [u8; 2] = [I32_CONST, 0];

        code.extend_from_slice(&ZERO);
        code.extend_from_slice(&ZERO);
        self.add_one(counter, numbers, code);
    }

    /// Writes what counts the way that a branch of so many `ways` will take, by what is on top of the stack and stays
    /// there: the last way for all from its number on.
    pub(super) fn count_way(self, ways: u32, first: usize, numbers: &Numbers, code: &mut Vec<u8>) {
        const COUNTER_LOG2: u8 = 3;

        let last = ways.saturating_sub(1);
        let [chosen, place, beyond] = [0, 1, 2].map(|local| self.locals.saturating_add(local));
        let local = |opcode: u8, local: u32, code: &mut Vec<u8>| {
            code.push(opcode);
            section::write_u32(code, local);
        };
        let number = |number: u64, code: &mut Vec<u8>| {
            code.push(I64_CONST);
            section::write_constant(code, number, true);
        };
        local(LOCAL_TEE, chosen, code);
        // The lesser of the two: what is beyond the last way, where that is negative, and the last way.
        local(LOCAL_GET, chosen, code);
        code.push(I64_EXTEND_I32_U);
        number(last.into(), code);
        code.push(I64_SUB);
        local(LOCAL_TEE, beyond, code);
        local(LOCAL_GET, beyond, code);
        number(63, code);
        code.extend_from_slice(&[I64_SHR_S, I64_AND]);
        number(last.into(), code);
        code.extend_from_slice(&[I64_ADD, I32_WRAP_I64, I32_CONST, COUNTER_LOG2, I32_SHL]);
        local(LOCAL_TEE, place, code);
        local(LOCAL_GET, place, code);
        self.add_one(first, numbers, code);
    }

    /// Adds one to a counter, where two times how far on it stands from `counter` is on the stack.
    fn add_one(self, counter: usize, numbers: &Numbers, code: &mut Vec<u8>) {
        let counter = u64::try_from(counter).unwrap_or(u64::MAX);
        let place = counter
            .saturating_mul(COUNTER_BYTES)
            .saturating_add(self.start);
        numbers.write_access(I64_LOAD, place, code);
        code.extend_from_slice(&[I64_CONST, 1, I64_ADD]);
        numbers.write_access(I64_STORE, place, code);
    }
}
