//! A module that tells where in its code it is, for replays.
//!
//! What is compiled otherwise is written once more: so everything that keeps the interpreter from its faults is in it,
//! and what the interpreter charges is what it charged. [`body`] says how functions tell where they are, [`price`] why
//! that costs no fuel.

mod body;
pub(in crate::module) mod price;
mod sites;

use super::{Added, Failure, body::rewrite as rewrite_body};
use crate::module::{
    outline::Outline,
    section::{self, Section},
};
use alloc::{
    borrow::Cow,
    collections::BTreeSet,
    format,
    string::{String, ToString},
    vec::Vec,
};
use body::Observed;
use core::ops::Range;
use wasmparser::{BinaryReader, Parser, Payload};

/// A module as it is observed.
pub(in crate::module) struct Rewritten {
    pub(in crate::module) wasm: Vec<u8>,
    pub(in crate::module) places: Places,
}

/// Where what tells of an observed guest is found.
pub(crate) struct Places {
    /// What the names of all exports begin with that were added, and of no other.
    prefix: String,
    /// How many bytes the memory of the frames has.
    pub(crate) frames_bytes: u64,
    pub(crate) memories: u32,
    pub(crate) globals: u32,
    /// Where the bodies of its functions stand in the module, and the number of the first.
    bodies: Vec<Range<usize>>,
    first_function: u32,
}

/// Numbers of what was added.
pub(super) struct Numbers {
    memory: u32,
    /// The global that says where the innermost frame is.
    innermost: u32,
    /// The global that says whether a call in tail position has not taken its frame, in modules that have such.
    tail: Option<u32>,
}

/// What exports are added for.
#[derive(Clone, Copy)]
pub(crate) enum Part {
    Frames,
    Innermost,
    Tail,
    Memory(u32),
    Global(u32),
}

impl Places {
    /// The name that a part is exported by.
    pub(crate) fn name(&self, part: Part) -> String {
        let prefix = &self.prefix;
        match part {
            Part::Frames => format!("{prefix}frames"),
            Part::Innermost => format!("{prefix}innermost"),
            Part::Tail => format!("{prefix}tail"),
            Part::Memory(number) => format!("{prefix}memory {number}"),
            Part::Global(number) => format!("{prefix}global {number}"),
        }
    }

    /// The function in whose body a place in the module lies.
    pub(crate) fn function(&self, offset: usize) -> Option<u32> {
        let behind = self.bodies.partition_point(|body| body.start <= offset);
        let number = behind.checked_sub(1)?;
        self.bodies.get(number)?.contains(&offset).then_some(())?;
        u32::try_from(number).ok()?.checked_add(self.first_function)
    }
}

impl Numbers {
    /// Writes a store of 32 bits into the frames.
    fn write_store(&self, opcode: u8, code: &mut Vec<u8>) {
        /// Four bytes, of a memory that has a number.
        const ALIGNMENT: u8 = 2 | 0x40;
        const OFFSET: u8 = 0;

        code.extend_from_slice(&[opcode, ALIGNMENT]);
        section::write_u32(code, self.memory);
        code.push(OFFSET);
    }
}

/// Writes `runnable`, which is what `wasm` of this outline is compiled as, so that it tells where it is. Calls may nest
/// up to `call_depth`.
///
/// # Errors
/// The parser's, which a valid module does not cause.
pub(in crate::module) fn observe(
    wasm: &[u8],
    runnable: &[u8],
    outline: &Outline,
    call_depth: u64,
) -> Result<Rewritten, Failure> {
    let types = outline.types.as_ref();
    let globals = types.global_count();
    let numbers = Numbers {
        memory: types.memory_count(),
        innermost: globals,
        tail: outline
            .bodies
            .have_tail_calls
            .then(|| globals.saturating_add(1)),
    };
    let bodies = bodies(wasm)?;
    let own = u32::try_from(bodies.len()).unwrap_or(u32::MAX);
    let pages = pages(call_depth);
    let places = Places {
        prefix: prefix(wasm)?,
        frames_bytes: pages.saturating_mul(PAGE_BYTES),
        memories: numbers.memory,
        globals,
        first_function: types.function_count().saturating_sub(own),
        bodies,
    };
    let writer = Writer {
        wasm,
        runnable,
        outline,
        numbers,
        places: &places,
        pages,
    };
    let wasm = writer.write()?;
    Ok(Rewritten { wasm, places })
}

const PAGE_BYTES: u64 = 1 << 16;

/// The most frames that there is room for: beyond, a module that may nest deeper overflows its stack early.
pub(in crate::module) const MOST_FRAMES: u64 = 1 << 22;

/// Pages for so many frames, and the one that the host has.
fn pages(call_depth: u64) -> u64 {
    const FRAME_BYTES: u64 = 4;
    let frames = call_depth.min(MOST_FRAMES).saturating_add(2);
    frames.saturating_mul(FRAME_BYTES).div_ceil(PAGE_BYTES)
}

/// Where the bodies of a module's functions stand, without their lengths.
fn bodies(wasm: &[u8]) -> Result<Vec<Range<usize>>, Failure> {
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::CodeSectionEntry(body) = payload? {
            bodies.push(body.range());
        }
    }
    Ok(bodies)
}

/// What no export of the module begins with.
fn prefix(wasm: &[u8]) -> Result<String, Failure> {
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

struct Writer<'a> {
    wasm: &'a [u8],
    runnable: &'a [u8],
    outline: &'a Outline,
    numbers: Numbers,
    places: &'a Places,
    pages: u64,
}

impl Writer<'_> {
    fn write(&self) -> Result<Vec<u8>, Failure> {
        let mut written = Vec::with_capacity(self.runnable.len().saturating_mul(2));
        written.extend_from_slice(section::header(self.runnable));
        let mut missing = [section::MEMORY, section::GLOBAL, section::EXPORT]
            .into_iter()
            .peekable();
        for section in section::sections(self.runnable) {
            let section = section?;
            let place = section::place(section.id);
            while let Some(id) = missing.next_if(|id| section::place(*id) < place) {
                self.write_added(id, (0, &[]), &mut written);
            }
            match section.id {
                section::MEMORY | section::GLOBAL | section::EXPORT => {
                    missing.next_if_eq(&section.id);
                    let entries = section::read_vector(section.content)?;
                    self.write_added(section.id, entries, &mut written);
                }
                section::CODE => self.write_code(&section, &mut written)?,
                _ => written.extend_from_slice(section.whole),
            }
        }
        missing.for_each(|id| self.write_added(id, (0, &[]), &mut written));
        Ok(written)
    }

    /// Writes a section with what is added to its entries.
    fn write_added(&self, id: u8, (count, entries): (u32, &[u8]), wasm: &mut Vec<u8>) {
        let (more, added) = match id {
            section::MEMORY => self.memory(),
            section::GLOBAL => self.globals(),
            _ => self.exports(),
        };
        let count = count.saturating_add(more);
        section::write_vector(wasm, id, count, &[entries, added.as_slice()]);
    }

    /// The memory of the frames, which has one size.
    fn memory(&self) -> (u32, Vec<u8>) {
        const HAS_MAXIMUM: u8 = 1;
        let mut entry = Vec::from([HAS_MAXIMUM]);
        section::write_u64(&mut entry, self.pages);
        section::write_u64(&mut entry, self.pages);
        (1, entry)
    }

    fn globals(&self) -> (u32, Vec<u8>) {
        const I32_VARIABLE: [u8; 2] = [0x7f, 1];
        const ZERO: [u8; 3] = [0x41, 0, 0x0b];
        let count = 1_u32.saturating_add(self.numbers.tail.is_some().into());
        let entry = [&I32_VARIABLE[..], &ZERO].concat();
        (count, (0..count).flat_map(|_| entry.clone()).collect())
    }

    fn exports(&self) -> (u32, Vec<u8>) {
        const MEMORY: u8 = 2;
        const GLOBAL: u8 = 3;

        let Numbers {
            memory,
            innermost,
            tail,
        } = self.numbers;
        let mut parts = Vec::from([
            (Part::Frames, MEMORY, memory),
            (Part::Innermost, GLOBAL, innermost),
        ]);
        parts.extend(tail.map(|tail| (Part::Tail, GLOBAL, tail)));
        parts.extend((0..memory).map(|number| (Part::Memory(number), MEMORY, number)));
        parts.extend((0..innermost).map(|number| (Part::Global(number), GLOBAL, number)));
        let mut entries = Vec::new();
        for (part, kind, number) in &parts {
            let name = self.places.name(*part);
            section::write_len(&mut entries, name.as_bytes());
            entries.extend_from_slice(name.as_bytes());
            entries.push(*kind);
            section::write_u32(&mut entries, *number);
        }
        (u32::try_from(parts.len()).unwrap_or(u32::MAX), entries)
    }

    fn write_code(&self, section: &Section<'_>, wasm: &mut Vec<u8>) -> Result<(), Failure> {
        let mut reader = BinaryReader::new(section.content, section.content_start);
        let count = reader.read_var_u32()?;
        let mut changes = self.outline.bodies.rewritten.iter().peekable();
        let added = Added::of(self.wasm, self.outline)?;
        let (mut own, mut parts) = (self.places.bodies.iter().zip(0_u32..), Vec::new());
        while !reader.eof() {
            let len = reader.read_var_u32()?;
            let bytes = reader.read_bytes(usize::try_from(len).unwrap_or(usize::MAX))?;
            let body = match own.next() {
                None => body::write_helper(bytes)?,
                Some((range, number)) => {
                    let change = changes.next_if(|change| change.range.start == range.start);
                    // What was read is the same; only here it is told where it comes from.
                    let mut origins = Vec::new();
                    let bytes = match change {
                        None => {
                            origins = self.origins(range)?;
                            Cow::Borrowed(bytes)
                        }
                        Some(change) => {
                            let tell = |at, origin| origins.push((at, origin));
                            Cow::Owned(rewrite_body(self.wasm, self.outline, change, &added, tell)?)
                        }
                    };
                    let observed = Observed {
                        bytes: &bytes,
                        params: self.params(number),
                        origins: &origins,
                    };
                    body::write(&observed, &self.numbers)?
                }
            };
            let mut len = Vec::new();
            section::write_len(&mut len, &body);
            parts.extend([len, body]);
        }
        section::write_vector(wasm, section::CODE, count, &parts);
        Ok(())
    }

    /// The origins of a body that stands as it stood.
    fn origins(&self, range: &Range<usize>) -> Result<Vec<(usize, usize)>, Failure> {
        let bytes = self.wasm.get(range.clone()).unwrap_or_default();
        let body = wasmparser::FunctionBody::new(BinaryReader::new(bytes, 0));
        let mut operators = body.get_operators_reader()?;
        let (first, mut origins) = (operators.original_position(), Vec::new());
        while !operators.eof() {
            let at = operators.original_position();
            origins.push((at.saturating_sub(first), range.start.saturating_add(at)));
            operators.read()?;
        }
        Ok(origins)
    }

    /// How many parameters the function of this number among those of the module itself has.
    fn params(&self, number: u32) -> u32 {
        let types = self.outline.types.as_ref();
        let function = self.places.first_function.saturating_add(number);
        let ty = types.get(types.core_function_at(function));
        let params = ty.map_or(0, |ty| ty.unwrap_func().params().len());
        u32::try_from(params).unwrap_or(u32::MAX)
    }
}
