//! A module that tells where in its code it is, for replays.
//!
//! What is compiled otherwise is written once more: so everything that keeps the interpreter from its faults is in it,
//! and what the interpreter charges is what it charged. [`body`] says how functions tell where they are, [`price`] why
//! that costs no fuel.

mod blocks;
mod body;
mod counters;
mod locals;
mod places;
pub(in crate::module) mod price;
mod sites;

pub(crate) use blocks::Blocks;
pub(crate) use body::{CALLS, COMES_BACK, ENTERS};
pub(crate) use locals::{Locals, SLOTS};
pub(crate) use places::{Part, Places};

use super::{Added, Failure, body::rewrite as rewrite_body};
use crate::{
    error::Error,
    module::{
        outline::Outline,
        section::{self, Section},
    },
};
use alloc::{borrow::Cow, format, sync::Arc, vec::Vec};
use body::Observed;
use core::ops::Range;
use wasmparser::BinaryReader;

/// A module as it is observed.
pub(in crate::module) struct Rewritten {
    pub(in crate::module) wasm: Vec<u8>,
    pub(in crate::module) places: Places,
}

/// Numbers of what was added.
pub(super) struct Numbers {
    memory: u32,
    /// The global that says where the innermost frame is.
    innermost: u32,
    /// The global that says whether a call in tail position has not taken its frame, in modules that have such.
    tail: Option<u32>,
    /// What tells the host of calls, if anything does.
    hook: Option<Hook>,
    /// Where the counters of blocks begin in the memory, if there are any.
    counters: Option<u64>,
    /// How many functions there are, those of ours not counted.
    functions: u32,
}

/// A table of ours with one function of the host in it.
#[derive(Clone, Copy)]
pub(super) struct Hook {
    /// The number of its type.
    ty: u32,
    table: u32,
}

/// What a module tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// Where it is.
    Frames,
    /// That, and each call.
    Calls,
    /// Where it is, and how often each block of its code ran.
    Blocks,
    /// Where it is, and what its locals are when it comes to these places.
    Locals(Arc<[u64]>),
}

impl Numbers {
    /// Writes a load from the memory of ours, or a store into it, so many bytes behind the address on the stack.
    fn write_access(&self, opcode: u8, offset: u64, code: &mut Vec<u8>) {
        /// Four bytes, of a memory that has a number.
        const ALIGNMENT: u8 = 2 | 0x40;

        code.extend_from_slice(&[opcode, ALIGNMENT]);
        section::write_u32(code, self.memory);
        section::write_u64(code, offset);
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
    told: &Told,
) -> Result<Rewritten, Failure> {
    let types = outline.types.as_ref();
    let globals = types.global_count();
    let hook = Hook {
        ty: entries(runnable, section::TYPE)?,
        table: types.table_count(),
    };
    let frames_bytes = frame_pages(call_depth).saturating_mul(PAGE_BYTES);
    let mut places = Places::of(wasm, types.function_count())?;
    match told {
        Told::Frames | Told::Calls => {}
        Told::Blocks => places.blocks = Some(places.find_blocks(wasm)?),
        Told::Locals(sites) => {
            let locals = Locals::at(sites, frames_bytes);
            places.locals = Some(places.find_locals(locals, wasm, outline)?);
        }
    }
    let numbers = Numbers {
        memory: types.memory_count(),
        innermost: globals,
        hook: (*told == Told::Calls).then_some(hook),
        counters: (*told == Told::Blocks).then_some(frames_bytes),
        functions: types.function_count(),
        tail: outline
            .bodies
            .have_tail_calls
            .then(|| globals.saturating_add(1)),
    };
    let pages = pages(frames_bytes, &places)?;
    places.frames_bytes = frames_bytes;
    places.memory_bytes = pages.saturating_mul(PAGE_BYTES);
    places.memories = numbers.memory;
    places.globals = globals;
    places.has_hook = *told == Told::Calls;
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
fn frame_pages(call_depth: u64) -> u64 {
    const FRAME_BYTES: u64 = 4;
    let frames = call_depth.min(MOST_FRAMES).saturating_add(2);
    frames.saturating_mul(FRAME_BYTES).div_ceil(PAGE_BYTES)
}

/// Pages for frames of so many bytes, and for what counts blocks or keeps locals.
fn pages(frames_bytes: u64, places: &Places) -> Result<u64, Failure> {
    /// What a memory of 32 bits can have.
    const MOST_PAGES: u64 = 1 << 16;

    let counters = places.blocks.as_ref().map_or(0, Blocks::counters);
    let counters = u64::try_from(counters).unwrap_or(u64::MAX);
    let bytes = counters.saturating_mul(counters::COUNTER_BYTES);
    let locals = places.locals.as_ref().map_or(0, Locals::bytes);
    let bytes = frames_bytes.saturating_add(bytes).saturating_add(locals);
    let pages = bytes.div_ceil(PAGE_BYTES);
    if pages <= MOST_PAGES {
        return Ok(pages);
    }
    let message = format!("the module has {counters} blocks and branches, too many to count them");
    Err(Failure::Refused(Error::Unsupported { message }))
}

/// How many entries a section has.
fn entries(wasm: &[u8], id: u8) -> Result<u32, Failure> {
    for section in section::sections(wasm) {
        let section = section?;
        if section.id == id {
            return Ok(section::read_vector(section.content)?.0);
        }
    }
    Ok(0)
}

/// The sections that are added to, in the order in which they stand.
const ADDED_TO: [u8; 5] = [
    section::TYPE,
    section::TABLE,
    section::MEMORY,
    section::GLOBAL,
    section::EXPORT,
];

/// A function of three `i32` without results, as the binary format writes it.
const HOOK_TYPE: [u8; 6] = [0x60, 3, 0x7f, 0x7f, 0x7f, 0];

/// A table of one function, as the binary format writes it.
const HOOK_TABLE: [u8; 4] = [0x70, 1, 1, 1];

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
        let mut missing = ADDED_TO.into_iter().peekable();
        for section in section::sections(self.runnable) {
            let section = section?;
            let place = section::place(section.id);
            while let Some(id) = missing.next_if(|id| section::place(*id) < place) {
                self.write_added(id, (0, &[]), &mut written);
            }
            match section.id {
                id if ADDED_TO.contains(&id) => {
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
            section::TYPE => self.hook(&HOOK_TYPE),
            section::TABLE => self.hook(&HOOK_TABLE),
            section::MEMORY => self.memory(),
            section::GLOBAL => self.globals(),
            _ => self.exports(),
        };
        let count = count.saturating_add(more);
        if count > 0 {
            section::write_vector(wasm, id, count, &[entries, added.as_slice()]);
        }
    }

    /// An entry that is added where the host is told of calls.
    fn hook(&self, entry: &[u8]) -> (u32, Vec<u8>) {
        match self.numbers.hook {
            Some(_) => (1, entry.to_vec()),
            None => (0, Vec::new()),
        }
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
        const TABLE: u8 = 1;
        const MEMORY: u8 = 2;
        const GLOBAL: u8 = 3;

        let Numbers {
            memory,
            innermost,
            tail,
            hook,
            ..
        } = self.numbers;
        let mut parts = Vec::from([
            (Part::Frames, MEMORY, memory),
            (Part::Innermost, GLOBAL, innermost),
        ]);
        parts.extend(tail.map(|tail| (Part::Tail, GLOBAL, tail)));
        parts.extend(hook.map(|hook| (Part::Hook, TABLE, hook.table)));
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
        let (mut own, mut parts) = (self.places.bodies().zip(0_u32..), Vec::new());
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
                        function: self.places.first_function().saturating_add(number),
                        params: self.params(number),
                        origins: &origins,
                    };
                    body::write(&observed, &self.numbers, self.places)?
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
        let function = self.places.first_function().saturating_add(number);
        let params = self.outline.function_type(function).params().len();
        u32::try_from(params).unwrap_or(u32::MAX)
    }
}
