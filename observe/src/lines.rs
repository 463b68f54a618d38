//! Files and lines, by the debug information that compilers add.

use crate::{demangle::demangle, place::Line};
use addr2line::Context;
use gimli::{Dwarf, EndianSlice, LittleEndian, Section, SectionId};
use std::{
    collections::BTreeMap,
    panic,
    sync::{Arc, Mutex},
};
use wasmparser::{Parser, Payload};

type Slice<'a> = EndianSlice<'a, LittleEndian>;

/// A stretch of the module's code that has a line.
pub(crate) struct LineRange {
    pub(crate) start: u64,
    pub(crate) end: u64,
    pub(crate) file: Arc<str>,
    /// From 1.
    pub(crate) line: u32,
}

/// The debug information of one module.
pub(crate) struct Lines<'a> {
    /// Where the code begins, which its addresses count from.
    code_start: u64,
    /// Absent where there is none, or it cannot be read. It keeps what it has read, so only one reads at a time.
    context: Option<Mutex<Context<Slice<'a>>>>,
}

/// How many inlined functions one place is shown in.
const MOST_INLINED: usize = 64;

impl<'a> Lines<'a> {
    /// That of a module, as far as it can be read.
    pub(crate) fn new(wasm: &'a [u8]) -> Self {
        let mut sections = BTreeMap::new();
        let mut code_start = 0;
        for payload in Parser::new(0).parse_all(wasm) {
            match payload {
                Ok(Payload::CodeSectionStart { range, .. }) => {
                    code_start = u64::try_from(range.start).unwrap_or(u64::MAX);
                }
                Ok(Payload::CustomSection(custom)) if custom.name().starts_with(".debug_") => {
                    sections.insert(custom.name(), custom.data());
                }
                Ok(_) => {}
                Err(_) => break,
            }
        }
        let load = |id: SectionId| -> Result<Slice<'a>, gimli::Error> {
            let bytes = sections.get(id.name()).copied().unwrap_or_default();
            Ok(EndianSlice::new(bytes, LittleEndian))
        };
        let context = if sections.is_empty() {
            None
        } else {
            contained(|| {
                let dwarf = Dwarf::load(load).ok()?;
                is_bounded(&dwarf).then_some(())?;
                Context::from_dwarf(dwarf).ok()
            })
        };
        Self {
            code_start,
            context: context.map(Mutex::new),
        }
    }

    /// The lines of a place in the module, with those of the functions that it was inlined into, the innermost first.
    pub(crate) fn at(&self, offset: u64) -> Vec<Line> {
        let lines = || {
            let context = self.context.as_ref()?.lock().ok()?;
            let address = offset.checked_sub(self.code_start)?;
            let mut frames = context.find_frames(address).skip_all_loads().ok()?;
            let mut lines = Vec::new();
            while let Ok(Some(frame)) = frames.next()
                && lines.len() < MOST_INLINED
            {
                let function = frame.function.and_then(|function| {
                    let name = function.raw_name().ok()?;
                    Some(demangle(&name))
                });
                let location = frame.location;
                lines.push(Line {
                    function,
                    file: location.as_ref().and_then(|at| at.file.map(str::to_owned)),
                    line: location.as_ref().and_then(|at| at.line),
                    column: location.and_then(|at| at.column),
                });
            }
            Some(lines)
        };
        contained(lines).unwrap_or_default()
    }

    /// All stretches of code that have a line.
    pub(crate) fn ranges(&self) -> Vec<LineRange> {
        let ranges = || {
            let context = self.context.as_ref()?.lock().ok()?;
            let mut files: BTreeMap<&str, Arc<str>> = BTreeMap::new();
            let mut ranges = Vec::new();
            for (start, len, location) in context.find_location_range(0, u64::MAX).ok()? {
                let (Some(file), Some(line @ 1..)) = (location.file, location.line) else {
                    continue;
                };
                // What the linker left out has lines at the place where the code begins, which is in no function.
                if start == 0 {
                    continue;
                }
                let start = start.saturating_add(self.code_start);
                let file = files.entry(file).or_insert_with(|| file.into());
                ranges.push(LineRange {
                    start,
                    end: start.saturating_add(len),
                    file: Arc::clone(file),
                    line,
                });
            }
            Some(ranges)
        };
        contained(ranges).unwrap_or_default()
    }
}

/// Whether reading the lines of all units takes memory in proportion to them: a program that writes lines may be that of
/// many units, and would be run for each.
fn is_bounded(dwarf: &Dwarf<Slice<'_>>) -> bool {
    /// Units of types share it with one that has code.
    const MOST_TIMES: usize = 8;

    let most = dwarf.debug_line.reader().len().saturating_mul(MOST_TIMES);
    let (mut units, mut all) = (dwarf.units(), 0_usize);
    while let Ok(Some(header)) = units.next() {
        if let Ok(unit) = dwarf.unit(header)
            && let Some(program) = &unit.line_program
        {
            let header = program.header();
            all = all.saturating_add(header.raw_program_buf().len());
            all = all.saturating_add(header.header_length());
        }
        if all > most {
            return false;
        }
    }
    true
}

/// What a reader of debug information gives; nothing where it panics, for nothing that it reads is trusted.
fn contained<T>(read: impl FnOnce() -> Option<T>) -> Option<T> {
    panic::catch_unwind(panic::AssertUnwindSafe(read))
        .ok()
        .flatten()
}
