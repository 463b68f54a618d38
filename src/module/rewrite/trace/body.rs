//! One body, with what tells which ways it takes.
//!
//! Before each operator that decides, one counter of its ways is counted up: which one, the number says by which it
//! decides. So nothing that is written branches, and the interpreter charges for the same blocks as before. What is
//! compared is kept in places of its own for each comparison. What is written to the guest's memory is marked, so that
//! the host can undo it.

use super::{
    Numbers,
    code::{Code, Temporary},
    layout::{KEPT_COMPARES, MARKED_BITS, MARKS},
    price,
    sites::{self, Site},
};
use crate::module::{
    opcode::{I32_ADD, I32_AND, SELECT},
    rewrite::Failure,
    section,
};
use alloc::vec::Vec;
use wasmparser::{BinaryReader, FunctionBody, Operator, ValType};

// Opcodes, as the specification numbers them.
const I32_NE: u8 = 0x47;
const I32_LT_U: u8 = 0x49;
const I32_SHL: u8 = 0x74;
const I32_SHR_U: u8 = 0x76;

/// Writes a body that tells which ways it takes, and has so many parameters.
///
/// # Errors
/// The parser's, which a valid body does not cause; [`Error::ModuleLimit`](crate::Error::ModuleLimit).
pub(super) fn write(bytes: &[u8], params: u32, numbers: &mut Numbers) -> Result<Vec<u8>, Failure> {
    let mut writer = Writer::new(bytes, params, numbers)?;
    let edge = writer.numbers.edges(1)?;
    writer.count(None, edge);
    writer.write(bytes, true)?;
    Ok(writer.finish())
}

/// Writes a body of ours that stands for an operator: it only pays as it did.
///
/// # Errors
/// As [`write`].
pub(super) fn write_helper(
    bytes: &[u8],
    params: u32,
    numbers: &mut Numbers,
) -> Result<Vec<u8>, Failure> {
    let mut writer = Writer::new(bytes, params, numbers)?;
    writer.write(bytes, false)?;
    Ok(writer.finish())
}

/// A body while it is written.
struct Writer<'a> {
    numbers: &'a mut Numbers,
    /// Where the operators begin in the body, and how many groups locals were declared in.
    first: usize,
    groups: u32,
    declared: &'a [u8],
    /// What the operators of the segment have cost that cost nothing now.
    pending: u64,
    /// What was written since the interpreter may have begun to charge for another block.
    segment: Code,
    written: Vec<u8>,
}

impl<'a> Writer<'a> {
    fn new(bytes: &'a [u8], params: u32, numbers: &'a mut Numbers) -> Result<Self, Failure> {
        let body = FunctionBody::new(BinaryReader::new(bytes, 0));
        let locals = body.get_locals_reader()?;
        let groups = locals.get_count();
        let mut own = params;
        for group in locals {
            own = own.saturating_add(group?.0);
        }
        let first = body.get_operators_reader()?.original_position();
        let (_, declared) = section::read_vector(bytes.get(..first).unwrap_or_default())?;
        Ok(Self {
            numbers,
            first,
            groups,
            declared,
            pending: 0,
            segment: Code::new(own),
            written: Vec::with_capacity(bytes.len().saturating_mul(2)),
        })
    }

    fn write(&mut self, bytes: &[u8], is_traced: bool) -> Result<(), Failure> {
        let rest = bytes.get(self.first..).unwrap_or_default();
        let mut operators = BinaryReader::new(rest, 0);
        let mut is_truth = false;
        while !operators.eof() {
            let from = operators.original_position();
            let operator = operators.read_operator()?;
            let raw = rest.get(from..operators.original_position());
            let raw = raw.unwrap_or_default();
            self.pending = self.pending.saturating_add(price::of(&operator));
            match sites::of(&operator) {
                Some(site) if is_traced => self.trace(site, is_truth)?,
                // What grows a table stands in a body of ours, too.
                Some(Site::Lasting) => self.numbers.changes_more = true,
                _ => {}
            }
            is_truth = sites::is_truth(&operator);
            match operator {
                // The interpreter may begin to charge for another block here.
                Operator::Loop { .. } | Operator::If { .. } | Operator::Else | Operator::End => {
                    self.pay();
                    self.written.extend_from_slice(raw);
                }
                Operator::Nop => {}
                Operator::LocalSet { local_index } => self.segment.set(local_index),
                _ => self.segment.raw(raw),
            }
        }
        self.pay();
        Ok(())
    }

    /// Tells what an operator is about to do. `is_truth` says that the number on the stack is 0 or 1.
    fn trace(&mut self, site: Site, is_truth: bool) -> Result<(), Failure> {
        match site {
            Site::Branch => {
                let edge = self.numbers.edges(2)?;
                let way = self.segment.temporary(Temporary::First);
                self.segment.tee(way);
                self.count(Some(Way::Truth { way, is_truth }), edge);
            }
            Site::Switch(targets) => {
                let edge = self.numbers.edges(targets.saturating_add(1))?;
                let way = self.segment.temporary(Temporary::First);
                self.segment.tee(way);
                self.count(Some(Way::Number { way, targets }), edge);
            }
            Site::Compare(ty) if self.numbers.tells_compares => {
                let place = self.numbers.compare(ty == ValType::I64)?;
                self.keep(place, ty);
            }
            Site::Store {
                ty,
                offset,
                memory: 0,
            } if self.numbers.has_marks => self.mark(ty, offset),
            Site::Range { memory: 0 } if self.numbers.has_marks => self.note(),
            Site::Compare(_) => {}
            Site::Store { .. } | Site::Range { .. } | Site::Lasting => {
                self.numbers.changes_more = true;
            }
        }
        Ok(())
    }

    /// Counts up one of the counters from `edge` on.
    fn count(&mut self, way: Option<Way>, edge: u32) {
        const COUNTER_BITS: i32 = 2;

        let memory = self.numbers.memories.edges;
        let counter = edge.saturating_mul(super::layout::COUNTER_BYTES);
        let code = &mut self.segment;
        let Some(way) = way else {
            code.constant(0);
            code.constant(0);
            code.load(memory, counter);
            code.constant(1);
            code.plain(I32_ADD);
            code.store(ValType::I32, memory, counter);
            return;
        };
        match way {
            Way::Truth { way, is_truth } => {
                code.get(way);
                if !is_truth {
                    code.constant(0);
                    code.plain(I32_NE);
                }
            }
            Way::Number { way, targets } => {
                let targets = targets.cast_signed();
                code.get(way);
                code.constant(targets);
                code.get(way);
                code.constant(targets);
                code.plain(I32_LT_U);
                code.plain(SELECT);
            }
        }
        code.constant(COUNTER_BITS);
        code.plain(I32_SHL);
        let address = code.temporary(Temporary::Second);
        code.tee(address);
        code.get(address);
        code.load(memory, counter);
        code.constant(1);
        code.plain(I32_ADD);
        code.store(ValType::I32, memory, counter);
    }

    /// Keeps the two numbers that are about to be compared.
    fn keep(&mut self, place: u32, ty: ValType) {
        const OPERANDS_BITS: i32 = super::layout::OPERANDS_BYTES.ilog2().cast_signed();
        const LAST: i32 = KEPT_COMPARES.cast_signed().wrapping_sub(1);
        const RIGHT: u32 = 8;

        let (counts, operands) = (self.numbers.memories.counts, self.numbers.memories.operands);
        let code = &mut self.segment;
        let (left, right) = match ty {
            ValType::I64 => (Temporary::LeftLong, Temporary::RightLong),
            _ => (Temporary::Left, Temporary::Right),
        };
        let (left, right) = (code.temporary(left), code.temporary(right));
        let (count, address) = (
            code.temporary(Temporary::First),
            code.temporary(Temporary::Second),
        );
        code.set(right);
        code.set(left);
        let counter = place.saturating_mul(super::layout::COUNTER_BYTES);
        code.constant(0);
        code.constant(0);
        code.load(counts, counter);
        code.tee(count);
        code.constant(1);
        code.plain(I32_ADD);
        code.store(ValType::I32, counts, counter);
        code.get(count);
        code.constant(LAST);
        code.plain(I32_AND);
        code.constant(OPERANDS_BITS);
        code.plain(I32_SHL);
        code.tee(address);
        let site = place.saturating_mul(super::layout::SITE_BYTES);
        code.get(left);
        code.store(ty, operands, site);
        code.get(address);
        code.get(right);
        code.store(ty, operands, site.saturating_add(RIGHT));
        code.get(left);
        code.get(right);
    }

    /// Marks where a value is about to be written.
    fn mark(&mut self, ty: ValType, offset: u64) {
        /// What lies so close behind the address needs no mark of its own: it is in the bytes that are undone too.
        const CLOSE: u64 = 1 << 8;

        let marks = self.numbers.memories.marks;
        let code = &mut self.segment;
        let value = code.temporary(Temporary::of(ty));
        let address = code.temporary(Temporary::Second);
        code.set(value);
        code.tee(address);
        code.get(address);
        if offset >= CLOSE {
            // What is beyond 32 bits traps.
            code.constant(u32::try_from(offset).unwrap_or(0).cast_signed());
            code.plain(I32_ADD);
        }
        code.constant(MARKED_BITS.cast_signed());
        code.plain(I32_SHR_U);
        code.constant(MARKS.cast_signed().wrapping_sub(1));
        code.plain(I32_AND);
        code.constant(1);
        code.store_byte(marks, super::layout::FIRST_MARK);
        code.get(value);
    }

    /// Notes which bytes are about to be written.
    fn note(&mut self) {
        const RANGE_BITS: i32 = super::layout::RANGE_BYTES.ilog2().cast_signed();
        const LAST: i32 = super::layout::NOTED_RANGES.cast_signed().wrapping_sub(1);
        const FIRST_RANGE: u32 = super::layout::RANGE_BYTES;
        const LEN: u32 = 4;

        let marks = self.numbers.memories.marks;
        let code = &mut self.segment;
        let (to, from, len) = (
            code.temporary(Temporary::Left),
            code.temporary(Temporary::Right),
            code.temporary(Temporary::Len),
        );
        let address = code.temporary(Temporary::Second);
        code.set(len);
        code.set(from);
        code.set(to);
        code.constant(0);
        code.constant(0);
        code.load(marks, 0);
        code.tee(address);
        code.constant(1);
        code.plain(I32_ADD);
        code.store(ValType::I32, marks, 0);
        code.get(address);
        code.constant(LAST);
        code.plain(I32_AND);
        code.constant(RANGE_BITS);
        code.plain(I32_SHL);
        code.tee(address);
        code.get(to);
        code.store(ValType::I32, marks, FIRST_RANGE);
        code.get(address);
        code.get(len);
        code.store(ValType::I32, marks, FIRST_RANGE.saturating_add(LEN));
        code.get(to);
        code.get(from);
        code.get(len);
    }

    /// Pays for the segment, at its start: nothing of the guest is on the stack that could show.
    fn pay(&mut self) {
        let fuel = core::mem::take(&mut self.pending);
        if fuel > 0 {
            let local = self.segment.temporary(Temporary::First);
            price::write(fuel, local, &mut self.written);
        }
        self.segment.move_to(&mut self.written);
    }

    fn finish(self) -> Vec<u8> {
        let (more, added) = self.segment.declarations();
        let len = self.declared.len().saturating_add(self.written.len());
        let mut body = Vec::with_capacity(len);
        section::write_u32(&mut body, self.groups.saturating_add(more));
        body.extend_from_slice(self.declared);
        body.extend_from_slice(&added);
        body.extend_from_slice(&self.written);
        body
    }
}

/// How the way is found that is taken.
#[derive(Clone, Copy)]
enum Way {
    /// The second where the local is not 0.
    Truth { way: u32, is_truth: bool },
    /// That of the local's number, and the last one where there is none.
    Number { way: u32, targets: u32 },
}
