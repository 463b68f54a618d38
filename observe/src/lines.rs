//! Files and lines, by the debug information that compilers add.

use crate::{demangle::demangle, place::Line};
use addr2line::Context;
use gimli::{Dwarf, EndianSlice, LittleEndian, SectionId};
use std::{collections::BTreeMap, panic, sync::Mutex};
use wasmparser::{Parser, Payload};

type Slice<'a> = EndianSlice<'a, LittleEndian>;

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
            contained(|| Context::from_dwarf(Dwarf::load(load).ok()?).ok())
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
}

/// What a reader of debug information gives; nothing where it panics, for nothing that it reads is trusted.
fn contained<T>(read: impl FnOnce() -> Option<T>) -> Option<T> {
    panic::catch_unwind(panic::AssertUnwindSafe(read))
        .ok()
        .flatten()
}
