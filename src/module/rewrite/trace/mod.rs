//! A module that tells which ways it takes, to fuzz it.
//!
//! What is compiled otherwise is written once more, as for [`observe`](super::observe): so the fuel of all that the
//! guest has is what it was. What is told lies in memories of ours, behind those of the guest: no number of the guest
//! leads there, and a trap leaves it as it is. [`body`] says what is told, [`layout`] where it lies.

mod body;
mod code;
mod layout;
pub(in crate::module) mod price;
mod sites;

pub(crate) use layout::{
    COUNTER_BYTES, FIRST_MARK, KEPT_COMPARES, Layout, MARKED_BITS, MARKS, NOTED_RANGES,
    OPERANDS_BYTES, Part, SITE_BYTES,
};

use super::Failure;
use crate::{
    error::Error,
    module::{
        outline::Outline,
        section::{self, Section},
        weight::allow,
    },
};
use alloc::vec::Vec;
use wasmparser::{BinaryReader, BinaryReaderError, Parser, Payload};

/// What a module tells of itself while it is fuzzed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Traced {
    /// Which ways it takes, and how often each.
    Edges,
    /// That, and which whole numbers it compares. It runs about half as fast.
    Compares,
}

/// The most ways that are counted, of all functions together: so the counters take 4 MiB.
const MOST_EDGES: u64 = 1 << 20;
/// The most places that compare: what is kept of them takes 33 MiB.
const MOST_COMPARES: u64 = 1 << 18;

/// A module as it is traced.
pub(in crate::module) struct Rewritten {
    pub(in crate::module) wasm: Vec<u8>,
    pub(in crate::module) layout: Layout,
}

/// Numbers of what was added, counted while bodies are written.
pub(super) struct Numbers {
    memories: Memories,
    tells_compares: bool,
    /// Whether stores are marked: there is one memory, of 32 bits.
    has_marks: bool,
    edges: u32,
    compares: Vec<bool>,
    /// Whether code changes what no mark tells of.
    changes_more: bool,
}

/// The numbers of the memories that are added.
#[derive(Clone, Copy)]
struct Memories {
    edges: u32,
    marks: u32,
    counts: u32,
    operands: u32,
}

impl Numbers {
    fn of(outline: &Outline, traced: Traced) -> Self {
        let types = outline.types.as_ref();
        let edges = types.memory_count();
        let marks = edges.saturating_add(1);
        Self {
            memories: Memories {
                edges,
                marks,
                counts: marks.saturating_add(1),
                operands: marks.saturating_add(2),
            },
            tells_compares: traced == Traced::Compares,
            has_marks: edges == 1 && !types.memory_at(0).memory64,
            edges: 0,
            compares: Vec::new(),
            changes_more: edges > 1,
        }
    }

    /// The first of so many counters.
    ///
    /// # Errors
    /// [`Error::ModuleLimit`] where there are too many.
    fn edges(&mut self, count: u32) -> Result<u32, Failure> {
        let first = self.edges;
        let found = u64::from(first).saturating_add(count.into());
        allow("edges", MOST_EDGES, found).map_err(Failure::Refused)?;
        self.edges = first.saturating_add(count);
        Ok(first)
    }

    /// The number of a place that compares.
    ///
    /// # Errors
    /// [`Error::ModuleLimit`] where there are too many.
    fn compare(&mut self, is_64: bool) -> Result<u32, Failure> {
        let place = u32::try_from(self.compares.len()).unwrap_or(u32::MAX);
        let found = u64::from(place).saturating_add(1);
        allow("compares", MOST_COMPARES, found).map_err(Failure::Refused)?;
        self.compares.push(is_64);
        Ok(place)
    }
}

/// Writes `runnable`, which is what `wasm` of this outline is compiled as, so that it tells which ways it takes.
///
/// # Errors
/// [`Error::ModuleLimit`] where it has too many ways or comparisons; the parser's, which a valid module does not cause.
pub(in crate::module) fn trace(
    wasm: &[u8],
    runnable: &[u8],
    outline: &Outline,
    traced: Traced,
) -> Result<Rewritten, Error> {
    let mut writer = Writer {
        runnable,
        own: own_functions(wasm)?,
        params: params(runnable).map_err(Failure::from)?,
        numbers: Numbers::of(outline, traced),
        layout: Layout::of(wasm).map_err(Failure::from)?,
        memories: Vec::new(),
    };
    let wasm = writer.write()?;
    let layout = writer.layout;
    Ok(Rewritten { wasm, layout })
}

/// How many functions a module defines.
fn own_functions(wasm: &[u8]) -> Result<u32, Failure> {
    for section in section::sections(wasm) {
        let section = section?;
        if section.id == section::FUNCTION {
            return Ok(section::read_vector(section.content)?.0);
        }
    }
    Ok(0)
}

/// How many parameters each function has that a module defines.
fn params(wasm: &[u8]) -> Result<Vec<u32>, BinaryReaderError> {
    let (mut types, mut params) = (Vec::new(), Vec::new());
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::TypeSection(groups) => {
                for group in groups {
                    let each = group?
                        .into_types()
                        .map(|ty| ty.unwrap_func().params().len());
                    types.extend(each);
                }
            }
            Payload::FunctionSection(functions) => {
                for ty in functions {
                    let ty = usize::try_from(ty?).unwrap_or(usize::MAX);
                    let count = types.get(ty).copied().unwrap_or(0);
                    params.push(u32::try_from(count).unwrap_or(u32::MAX));
                }
            }
            _ => {}
        }
    }
    Ok(params)
}

struct Writer<'a> {
    runnable: &'a [u8],
    /// How many of the bodies are the guest's: the first ones.
    own: u32,
    /// How many parameters the functions of all bodies have.
    params: Vec<u32>,
    numbers: Numbers,
    layout: Layout,
    /// How many pages each memory of ours has.
    memories: Vec<u64>,
}

impl Writer<'_> {
    fn write(&mut self) -> Result<Vec<u8>, Failure> {
        // How large memories are is known once all bodies are written.
        let code = self.write_code()?;
        self.lay_out();
        let mut written = Vec::with_capacity(self.runnable.len().saturating_mul(2));
        written.extend_from_slice(section::header(self.runnable));
        let mut missing = [section::MEMORY, section::EXPORT].into_iter().peekable();
        for section in section::sections(self.runnable) {
            let section = section?;
            let place = section::place(section.id);
            while let Some(id) = missing.next_if(|id| section::place(*id) < place) {
                self.write_added(id, (0, &[]), &mut written);
            }
            match section.id {
                section::MEMORY | section::EXPORT => {
                    missing.next_if_eq(&section.id);
                    let entries = section::read_vector(section.content)?;
                    self.write_added(section.id, entries, &mut written);
                }
                section::CODE => written.extend_from_slice(&code),
                _ => written.extend_from_slice(section.whole),
            }
        }
        missing.for_each(|id| self.write_added(id, (0, &[]), &mut written));
        Ok(written)
    }

    /// The section of all bodies; nothing where there are none.
    fn write_code(&mut self) -> Result<Vec<u8>, Failure> {
        let mut code = Vec::new();
        for section in section::sections(self.runnable) {
            let section = section?;
            if section.id == section::CODE {
                self.write_bodies(&section, &mut code)?;
            }
        }
        Ok(code)
    }

    fn write_bodies(&mut self, section: &Section<'_>, wasm: &mut Vec<u8>) -> Result<(), Failure> {
        let mut reader = BinaryReader::new(section.content, section.content_start);
        let count = reader.read_var_u32()?;
        let (mut parts, mut params) = (Vec::new(), core::mem::take(&mut self.params).into_iter());
        for number in 0..count {
            let len = reader.read_var_u32()?;
            let bytes = reader.read_bytes(usize::try_from(len).unwrap_or(usize::MAX))?;
            let params = params.next().unwrap_or(0);
            let body = if number < self.own {
                body::write(bytes, params, &mut self.numbers)?
            } else {
                body::write_helper(bytes, params, &mut self.numbers)?
            };
            let mut len = Vec::new();
            section::write_len(&mut len, &body);
            parts.extend([len, body]);
        }
        section::write_vector(wasm, section::CODE, count, &parts);
        Ok(())
    }

    /// Says where what is told lies, once it is known how much there is.
    fn lay_out(&mut self) {
        let Numbers {
            memories,
            edges,
            compares,
            has_marks,
            changes_more,
            tells_compares,
            ..
        } = &mut self.numbers;
        let has_no_memory = memories.edges == 0;
        let places = u32::try_from(compares.len()).unwrap_or(u32::MAX);
        let bytes = |count: u32, each: u32| u64::from(count).saturating_mul(each.into());
        let mut memories = Vec::from([
            bytes(*edges, COUNTER_BYTES),
            u64::from(FIRST_MARK.saturating_add(MARKS)),
        ]);
        if *tells_compares {
            memories.extend([bytes(places, COUNTER_BYTES), bytes(places, SITE_BYTES)]);
        }
        let pages = memories.iter().map(|bytes| bytes.div_ceil(PAGE_BYTES));
        self.memories = pages.collect();
        self.layout.edges = *edges;
        self.layout.compares = core::mem::take(compares);
        // Without a memory nothing is written.
        self.layout.marks_all = (*has_marks || has_no_memory) && !*changes_more;
        let pages = self
            .memories
            .iter()
            .fold(0, |sum: u64, pages| sum.saturating_add(*pages));
        self.layout.bytes = pages.saturating_mul(PAGE_BYTES);
    }

    /// Writes a section with what is added to its entries.
    fn write_added(&self, id: u8, (count, entries): (u32, &[u8]), wasm: &mut Vec<u8>) {
        let (more, added) = match id {
            section::MEMORY => self.memory_entries(),
            _ => self.exports(),
        };
        let count = count.saturating_add(more);
        section::write_vector(wasm, id, count, &[entries, added.as_slice()]);
    }

    /// The memories, each of one size.
    fn memory_entries(&self) -> (u32, Vec<u8>) {
        const HAS_MAXIMUM: u8 = 1;

        let mut entries = Vec::new();
        for pages in &self.memories {
            entries.push(HAS_MAXIMUM);
            section::write_u64(&mut entries, *pages);
            section::write_u64(&mut entries, *pages);
        }
        (
            u32::try_from(self.memories.len()).unwrap_or(u32::MAX),
            entries,
        )
    }

    fn exports(&self) -> (u32, Vec<u8>) {
        const MEMORY: u8 = 2;
        const GLOBAL: u8 = 3;

        let memories = self.numbers.memories;
        let mut parts = Vec::from([
            (Part::Edges, MEMORY, memories.edges),
            (Part::Marks, MEMORY, memories.marks),
        ]);
        if self.numbers.tells_compares {
            parts.extend([
                (Part::Counts, MEMORY, memories.counts),
                (Part::Operands, MEMORY, memories.operands),
            ]);
        }
        if memories.edges > 0 {
            parts.push((Part::Memory, MEMORY, 0));
        }
        let globals = self.layout.globals.iter();
        parts.extend(globals.map(|number| (Part::Global(*number), GLOBAL, *number)));
        let mut entries = Vec::new();
        for (part, kind, number) in &parts {
            let name = self.layout.name(*part);
            section::write_len(&mut entries, name.as_bytes());
            entries.extend_from_slice(name.as_bytes());
            entries.push(*kind);
            section::write_u32(&mut entries, *number);
        }
        (u32::try_from(parts.len()).unwrap_or(u32::MAX), entries)
    }
}

const PAGE_BYTES: u64 = 1 << 16;
