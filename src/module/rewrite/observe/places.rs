//! Where what tells of an observed guest is found.

use super::{Blocks, Locals};
use crate::module::outline::Outline;
use alloc::{
    collections::BTreeSet,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::ops::Range;
use wasmparser::{BinaryReader, BinaryReaderError, FunctionBody, Parser, Payload};

/// Where what tells of an observed guest is found.
pub(crate) struct Places {
    /// What the names of all exports begin with that were added, and of no other.
    prefix: String,
    /// How many bytes the frames take, which stand first in the memory of ours, and the whole of it.
    pub(crate) frames_bytes: u64,
    pub(super) memory_bytes: u64,
    /// How many memories and globals the guest has.
    pub(crate) memories: u32,
    pub(crate) globals: u32,
    /// Whether the host is told of calls.
    pub(crate) has_hook: bool,
    /// What is counted, in the memory behind the frames.
    pub(crate) blocks: Option<Blocks>,
    /// What is kept of locals, in its place.
    pub(crate) locals: Option<Locals>,
    /// Where the bodies of its functions stand in the module, and the number of the first.
    bodies: Vec<Range<usize>>,
    first_function: u32,
}

/// What exports are added for.
#[derive(Clone, Copy)]
pub(crate) enum Part {
    Frames,
    Innermost,
    Tail,
    Hook,
    Memory(u32),
    Global(u32),
}

impl Places {
    /// What a module of so many functions says: its bodies, and its names, which none of ours may be like.
    ///
    /// # Errors
    /// The parser's, which a valid module does not cause.
    pub(super) fn of(wasm: &[u8], functions: u32) -> Result<Self, BinaryReaderError> {
        let bodies = bodies(wasm)?;
        let own = u32::try_from(bodies.len()).unwrap_or(u32::MAX);
        Ok(Self {
            prefix: prefix(wasm)?,
            frames_bytes: 0,
            memory_bytes: 0,
            blocks: None,
            locals: None,
            memories: 0,
            globals: 0,
            has_hook: false,
            first_function: functions.saturating_sub(own),
            bodies,
        })
    }

    /// The blocks of its functions.
    ///
    /// # Errors
    /// As for [`of`](Self::of).
    pub(super) fn find_blocks(&self, wasm: &[u8]) -> Result<Blocks, BinaryReaderError> {
        let mut blocks = Blocks::default();
        for (body, function) in self.bodies.iter().zip(self.first_function..) {
            blocks.add(wasm, body, function)?;
        }
        Ok(blocks)
    }

    /// `locals`, with those of its functions that are kept.
    ///
    /// # Errors
    /// As for [`of`](Self::of).
    pub(super) fn find_locals(
        &self,
        mut locals: Locals,
        wasm: &[u8],
        outline: &Outline,
    ) -> Result<Locals, BinaryReaderError> {
        for (body, function) in self.bodies.iter().zip(self.first_function..) {
            let bytes = wasm.get(body.clone()).unwrap_or_default();
            let ty = outline.function_type(function);
            locals.add(function, ty, (bytes, body.start))?;
        }
        Ok(locals)
    }

    /// Where the bodies of its functions stand in the module.
    pub(super) fn bodies(&self) -> impl Iterator<Item = &Range<usize>> {
        self.bodies.iter()
    }

    /// The number of the first function that has a body.
    pub(super) fn first_function(&self) -> u32 {
        self.first_function
    }

    /// The name that a part is exported by.
    pub(crate) fn name(&self, part: Part) -> String {
        let prefix = &self.prefix;
        match part {
            Part::Frames => format!("{prefix}frames"),
            Part::Innermost => format!("{prefix}innermost"),
            Part::Tail => format!("{prefix}tail"),
            Part::Hook => format!("{prefix}hook"),
            Part::Memory(number) => format!("{prefix}memory {number}"),
            Part::Global(number) => format!("{prefix}global {number}"),
        }
    }

    /// Bytes of memory and elements of tables that are not the guest's.
    pub(crate) fn lent(&self) -> (u64, u64) {
        (self.memory_bytes, self.has_hook.into())
    }

    /// Where the operator ends that stands at `at` in the module of these bytes, if one does.
    pub(crate) fn end_of_operator(&self, wasm: &[u8], at: usize) -> Option<usize> {
        let number = self.bodies.partition_point(|body| body.end <= at);
        let range = self.bodies.get(number)?.clone();
        let body = FunctionBody::new(BinaryReader::new(wasm.get(range.clone())?, range.start));
        let mut operators = body.get_operators_reader().ok()?;
        while operators.original_position() <= at && !operators.eof() {
            operators.read().ok()?;
        }
        Some(operators.original_position())
    }

    /// The function in whose body a place in the module lies.
    pub(crate) fn function(&self, offset: usize) -> Option<u32> {
        let behind = self.bodies.partition_point(|body| body.start <= offset);
        let number = behind.checked_sub(1)?;
        self.bodies.get(number)?.contains(&offset).then_some(())?;
        u32::try_from(number).ok()?.checked_add(self.first_function)
    }
}

/// Where the bodies of a module's functions stand, without their lengths.
fn bodies(wasm: &[u8]) -> Result<Vec<Range<usize>>, BinaryReaderError> {
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::CodeSectionEntry(body) = payload? {
            bodies.push(body.range());
        }
    }
    Ok(bodies)
}

/// What no export of the module begins with.
fn prefix(wasm: &[u8]) -> Result<String, BinaryReaderError> {
    let mut names = BTreeSet::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::ExportSection(exports) = payload? {
            for export in exports {
                names.insert(export?.name);
            }
        }
    }
    let mut prefix = "fuelbox:observe:".to_string();
    let is_taken = |prefix: &str| {
        let mut from = names.range(prefix..);
        from.next().is_some_and(|name| name.starts_with(prefix))
    };
    while is_taken(&prefix) {
        prefix.push(':');
    }
    Ok(prefix)
}
