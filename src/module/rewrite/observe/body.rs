//! One body, with what tells where in it the guest is.
//!
//! Each function has a frame in a memory of ours, which no number of the guest leads to: four bytes for the place of
//! the operator that runs, or of the call that has not come back. A local says which frame it is, and a global which
//! one is the innermost. Nothing that is written branches, so that the interpreter charges for the same blocks as
//! before.

use super::{
    Blocks, Hook, Locals, Numbers, Places,
    counters::{self, Counters},
    price,
    sites::{self, Site},
};
use crate::module::{
    opcode::{CALL_INDIRECT, DROP, I32, I32_ADD, I32_CONST, I32_STORE, LOCAL_GET, LOCAL_TEE},
    section,
};
use alloc::vec::Vec;
use wasmparser::{BinaryReader, BinaryReaderError, FunctionBody, Operator};

/// Bytes of a frame.
const FRAME_BYTES: u8 = 4;

// Opcodes, as the specification numbers them.
const GLOBAL_GET: u8 = 0x23;
const GLOBAL_SET: u8 = 0x24;

// What the host is told, where fuel is counted by function.
pub(crate) const ENTERS: u8 = 0;
pub(crate) const CALLS: u8 = 1;
pub(crate) const COMES_BACK: u8 = 2;

/// A body as it is compiled otherwise, and where its operators come from.
pub(super) struct Observed<'a> {
    pub(super) bytes: &'a [u8],
    /// The number of its function.
    pub(super) function: u32,
    /// How many parameters its function has.
    pub(super) params: u32,
    /// By places among its operators, in their order, where in the module the operators stood from there on.
    pub(super) origins: &'a [(usize, usize)],
}

/// Writes a body that tells where it is.
///
/// # Errors
/// The parser's, which a valid body does not cause.
pub(super) fn write(
    observed: &Observed<'_>,
    numbers: &Numbers,
    places: &Places,
) -> Result<Vec<u8>, BinaryReaderError> {
    let body = FunctionBody::new(BinaryReader::new(observed.bytes, 0));
    let locals = body.get_locals_reader()?;
    let groups = locals.get_count();
    let mut own = observed.params;
    for group in locals {
        own = own.saturating_add(group?.0);
    }
    let operators = body.get_operators_reader()?;
    let declared = observed.bytes.get(..operators.original_position());
    let (_, declared) = section::read_vector(declared.unwrap_or_default())?;
    let mut written = Vec::with_capacity(observed.bytes.len().saturating_mul(2));
    let counters = numbers.counters.map(|start| Counters {
        start,
        locals: own.saturating_add(1),
    });
    let locals = places.locals.as_ref();
    let more = if counters.is_some() {
        counters::GROUPS
    } else {
        locals.is_some().into()
    };
    section::write_u32(&mut written, groups.saturating_add(1).saturating_add(more));
    written.extend_from_slice(declared);
    written.extend_from_slice(&[1, I32]);
    if counters.is_some() {
        written.extend_from_slice(&counters::LOCALS);
    } else if locals.is_some() {
        written.extend_from_slice(&[1, I32]);
    }
    let mut writer = Writer {
        numbers,
        function: observed.function,
        frame: own,
        first: operators.original_position(),
        origins: observed.origins,
        counted: counters.zip(places.blocks.as_ref()),
        locals,
        read: None,
        pending: 0,
        segment: Vec::new(),
        code: written,
    };
    writer.enter();
    writer.write(observed.bytes, operators)?;
    Ok(writer.code)
}

/// Writes a body of ours that stands for an operator: it only pays as it did.
///
/// # Errors
/// As [`write`].
pub(super) fn write_helper(bytes: &[u8]) -> Result<Vec<u8>, BinaryReaderError> {
    let body = FunctionBody::new(BinaryReader::new(bytes, 0));
    let mut operators = body.get_operators_reader()?;
    let declared = bytes.get(..operators.original_position());
    let mut code = Vec::from(declared.unwrap_or_default());
    let (mut fuel, mut rest) = (0_u64, Vec::new());
    while !operators.eof() {
        let from = operators.original_position();
        let operator = operators.read()?;
        fuel = fuel.saturating_add(price::of(&operator));
        let raw = bytes.get(from..operators.original_position());
        write_operator(&operator, raw.unwrap_or_default(), &mut rest);
    }
    // The first parameter: what grows takes by how much.
    price::write(fuel, 0, &mut code);
    code.extend_from_slice(&rest);
    Ok(code)
}

/// A body while it is written.
struct Writer<'a> {
    numbers: &'a Numbers,
    function: u32,
    /// The local that says where the frame is.
    frame: u32,
    /// Where the first operator stands in the body.
    first: usize,
    origins: &'a [(usize, usize)],
    /// What is counted, and how.
    counted: Option<(Counters, &'a Blocks)>,
    /// What is kept of locals, with one more local for the place of it.
    locals: Option<&'a Locals>,
    /// Where the operator stood that was read last.
    read: Option<usize>,
    /// What the operators of the segment have cost that cost nothing now.
    pending: u64,
    /// What was written since the interpreter may have begun to charge for another block.
    segment: Vec<u8>,
    code: Vec<u8>,
}

impl Writer<'_> {
    fn write(
        &mut self,
        bytes: &[u8],
        mut operators: wasmparser::OperatorsReader<'_>,
    ) -> Result<(), BinaryReaderError> {
        while !operators.eof() {
            let from = operators.original_position();
            let operator = operators.read()?;
            let raw = bytes.get(from..operators.original_position());
            let raw = raw.unwrap_or_default();
            self.pending = self.pending.saturating_add(price::of(&operator));
            let site = sites::of(&operator, raw);
            if site.is_some() || matches!(operator, Operator::Loop { .. }) {
                self.tell(self.origin(from));
            }
            self.count(&operator, from);
            let callee = self.callee(&operator);
            if let Some(callee) = callee {
                self.hook(CALLS, callee);
            }
            if site == Some(Site::TailCall) {
                self.leave();
            }
            if begins_a_block(&operator) {
                self.pay();
                self.code.extend_from_slice(raw);
            } else {
                write_operator(&operator, raw, &mut self.segment);
            }
            if site == Some(Site::Call) {
                self.come_back(callee.is_some());
            }
            if matches!(operator, Operator::If { .. } | Operator::Else) {
                self.tell(self.origin(from));
            }
        }
        self.pay();
        Ok(())
    }

    /// Counts the block that begins at an operator, and the way that it takes.
    fn count(&mut self, operator: &Operator<'_>, from: usize) {
        let Some((counters, blocks)) = self.counted else {
            return;
        };
        let origin = self.origin(from);
        // What stands for one operator may be several.
        if self.read.replace(origin) != Some(origin)
            && let Some(counter) = blocks.counter_of_block(origin)
        {
            counters.count(counter, self.numbers, &mut self.segment);
        }
        if matches!(
            operator,
            Operator::If { .. } | Operator::BrIf { .. } | Operator::BrTable { .. }
        ) && let Some((branch, first)) = blocks.branch(origin)
        {
            counters.count_way(branch.ways, first, self.numbers, &mut self.segment);
        }
    }

    /// Where in the module the operator stood that stands here at `at`.
    fn origin(&self, at: usize) -> usize {
        let at = at.saturating_sub(self.first);
        let behind = self.origins.partition_point(|(written, _)| *written <= at);
        let origin = behind
            .checked_sub(1)
            .and_then(|last| self.origins.get(last));
        origin.map_or(0, |(_, origin)| *origin)
    }

    /// Takes a frame.
    fn enter(&mut self) {
        let Numbers {
            innermost, tail, ..
        } = *self.numbers;
        let code = &mut self.segment;
        code.push(GLOBAL_GET);
        section::write_u32(code, innermost);
        code.extend_from_slice(&[I32_CONST, FRAME_BYTES, I32_ADD, LOCAL_TEE]);
        section::write_u32(code, self.frame);
        code.push(GLOBAL_SET);
        section::write_u32(code, innermost);
        if let Some(tail) = tail {
            set(tail, 0, code);
        }
        let first = self.origins.first().map_or(0, |(_, origin)| *origin);
        self.tell(first);
        self.hook(ENTERS, self.function.into());
    }

    /// Says that the operator runs that stood at `origin`.
    fn tell(&mut self, origin: usize) {
        let code = &mut self.segment;
        code.push(LOCAL_GET);
        section::write_u32(code, self.frame);
        code.push(I32_CONST);
        let origin = u64::try_from(origin).unwrap_or(u64::MAX);
        section::write_constant(code, origin, false);
        self.numbers.write_access(I32_STORE, 0, code);
        if let Some(locals) = self.locals {
            let own = (self.frame, self.frame.saturating_add(1));
            locals.store((self.function, origin), own, self.numbers, code);
        }
    }

    /// Says that the frame is the innermost again.
    fn come_back(&mut self, is_told: bool) {
        let Numbers {
            innermost, tail, ..
        } = *self.numbers;
        let code = &mut self.segment;
        code.push(LOCAL_GET);
        section::write_u32(code, self.frame);
        code.push(GLOBAL_SET);
        section::write_u32(code, innermost);
        if let Some(tail) = tail {
            set(tail, 0, code);
        }
        if is_told {
            self.hook(COMES_BACK, 0);
        }
    }

    /// What is called, as the host is told: nothing where the operator calls none but helpers of ours, which stand for
    /// operators of the function.
    fn callee(&self, operator: &Operator<'_>) -> Option<i64> {
        match *operator {
            Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                (function_index < self.numbers.functions).then(|| function_index.into())
            }
            Operator::CallIndirect { .. } | Operator::ReturnCallIndirect { .. } => Some(-1),
            _ => None,
        }
    }

    /// Tells the host what happens, where it counts.
    fn hook(&mut self, what: u8, function: i64) {
        const FIRST: u8 = 0;

        let Some(Hook { ty, table }) = self.numbers.hook else {
            return;
        };
        let code = &mut self.segment;
        code.push(I32_CONST);
        section::write_constant(code, function.cast_unsigned(), false);
        code.push(LOCAL_GET);
        section::write_u32(code, self.frame);
        code.extend_from_slice(&[I32_CONST, what, I32_CONST, FIRST, CALL_INDIRECT]);
        section::write_u32(code, ty);
        section::write_u32(code, table);
    }

    /// Gives the frame up to what is called in its place, which may not come to take it.
    fn leave(&mut self) {
        let Numbers {
            innermost, tail, ..
        } = *self.numbers;
        let code = &mut self.segment;
        code.push(LOCAL_GET);
        section::write_u32(code, self.frame);
        code.push(I32_CONST);
        // Minus four, in LEB128.
        code.extend_from_slice(&[0x7c, I32_ADD, GLOBAL_SET]);
        section::write_u32(code, innermost);
        if let Some(tail) = tail {
            set(tail, 1, code);
        }
    }

    /// Pays for the segment, at its start: nothing of the guest is on the stack that could show.
    fn pay(&mut self) {
        let fuel = core::mem::take(&mut self.pending);
        price::write(fuel, self.frame, &mut self.code);
        self.code.append(&mut self.segment);
    }
}

/// Whether the interpreter may begin to charge for another block at an operator.
fn begins_a_block(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::Loop { .. } | Operator::If { .. } | Operator::Else | Operator::End
    )
}

fn write_operator(operator: &Operator<'_>, raw: &[u8], code: &mut Vec<u8>) {
    match *operator {
        Operator::Nop => {}
        Operator::LocalSet { local_index } => {
            code.push(LOCAL_TEE);
            section::write_u32(code, local_index);
            code.push(DROP);
        }
        _ => code.extend_from_slice(raw),
    }
}

fn set(global: u32, value: u8, code: &mut Vec<u8>) {
    code.extend_from_slice(&[I32_CONST, value, GLOBAL_SET]);
    section::write_u32(code, global);
}
