//! What is changed in a valid module before it is compiled, so that all it does is computed rightly, in short slices.
//!
//! One pass over the sections writes the module again. Bodies in which nothing has to change stay byte for byte.
//! A module that is built for snapshots is given more exports, by which its state is read.
mod body;
mod control_flow;
mod exposed;
mod growth;
mod memories;
#[cfg(feature = "observe")]
pub(super) mod observe;
mod reach;
mod select;
mod start;
mod straight;
mod temporaries;
#[cfg(feature = "fuzz")]
pub(crate) mod trace;
mod trampolines;

pub(super) use exposed::REFERENCES;
pub(crate) use growth::REPLAY_FUEL as TABLE_GROW_REPLAY_FUEL;
pub(super) use memories::CAN_LEND;

use super::{
    outline::Outline,
    section::{self, Section},
    source::Source,
};
use crate::error::Error;
use alloc::{borrow::Cow, format, string::String, vec::Vec};
use core::ops::Range;
use exposed::Exposed;
use growth::Helpers;
use memories::Memories;
use trampolines::Trampolines;
use wasmparser::{BinaryReader, BinaryReaderError};

/// A module as it is compiled.
pub(super) struct Rewritten<'a> {
    pub(super) wasm: Cow<'a, [u8]>,
    /// Name of the export that stands for the start section.
    pub(super) start: Option<String>,
    /// How many of its memories it imports, last of all, that it defined.
    pub(super) lent_memories: u32,
}

/// Why a module is not rewritten.
pub(super) enum Failure {
    /// The parser's, which a valid module does not cause.
    Unreadable(BinaryReaderError),
    Refused(Error),
}

impl From<BinaryReaderError> for Failure {
    fn from(error: BinaryReaderError) -> Self {
        Self::Unreadable(error)
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unreadable(error) => Self::Engine {
                message: format!("a valid module could not be read again: {error}"),
            },
            Failure::Refused(error) => error,
        }
    }
}

/// Rewrites `wasm`, which is what `outline` was made of, and has its memories lent, or else of its own.
///
/// # Errors
/// [`Error::Unsupported`] where a function has no room for the locals that it needs.
pub(super) fn rewrite<'a>(
    wasm: &'a [u8],
    outline: &Outline,
    source: Option<&Source>,
    lends: bool,
) -> Result<Rewritten<'a>, Failure> {
    let start = match outline.start {
        Some(function) => Some(start::Start::new(wasm, function)?),
        None => None,
    };
    let memories = if lends {
        Memories::of(wasm)?
    } else {
        Memories::default()
    };
    let added = Added::of(wasm, outline)?;
    let is_as_it_was = start.is_none() && memories.is_empty() && added.trampolines.is_empty();
    if is_as_it_was && outline.bodies.rewritten.is_empty() && source.is_none() {
        return Ok(Rewritten {
            wasm: Cow::Borrowed(wasm),
            start: None,
            lent_memories: 0,
        });
    }
    let writer = Writer {
        wasm,
        outline,
        exposed: source.map(|source| Exposed::of(source, &added)),
        added,
        start,
        memories,
    };
    Ok(Rewritten {
        wasm: Cow::Owned(writer.write()?),
        lent_memories: writer.memories.count(),
        start: writer.start.map(|start| start.export),
    })
}

/// The functions that bodies call instead of what they called or did.
struct Added {
    helpers: Helpers,
    trampolines: Trampolines,
}

impl Added {
    fn of(wasm: &[u8], outline: &Outline) -> Result<Self, Failure> {
        let helpers = Helpers::of(outline);
        let (_, next_function) = helpers.end();
        Ok(Self {
            trampolines: Trampolines::of(wasm, outline, next_function)?,
            helpers,
        })
    }

    /// The numbers of the first type and of the first function behind them.
    fn end(&self) -> (u32, u32) {
        let (next_type, _) = self.helpers.end();
        (next_type, self.trampolines.end())
    }
}

struct Writer<'a> {
    wasm: &'a [u8],
    outline: &'a Outline,
    added: Added,
    /// By what a snapshot reads the state, where the module is built for snapshots.
    exposed: Option<Exposed>,
    start: Option<start::Start>,
    memories: Memories,
}

/// Entries for the end of a section, and how many.
type Entries = (u32, Vec<u8>);

impl Writer<'_> {
    fn write(&self) -> Result<Vec<u8>, Failure> {
        // A little more than there was: helpers and an export are short.
        const MORE_BYTES: usize = 1 << 10;

        let mut rewritten = Vec::with_capacity(self.wasm.len().saturating_add(MORE_BYTES));
        rewritten.extend_from_slice(section::header(self.wasm));
        // The sections that are added to, in the order in which they stand.
        let mut missing = [
            section::TYPE,
            section::IMPORT,
            section::FUNCTION,
            section::EXPORT,
            section::CODE,
        ]
        .into_iter()
        .peekable();
        for section in section::sections(self.wasm) {
            let section = section?;
            let place = section::place(section.id);
            while let Some(id) = missing.next_if(|id| section::place(*id) < place) {
                self.write_missing(id, &mut rewritten);
            }
            missing.next_if_eq(&section.id);
            self.write_section(&section, &mut rewritten)?;
        }
        missing.for_each(|id| self.write_missing(id, &mut rewritten));
        Ok(rewritten)
    }

    fn write_section(&self, section: &Section<'_>, wasm: &mut Vec<u8>) -> Result<(), Failure> {
        match section.id {
            // The interpreter reads no custom sections, and the start section has become an export.
            section::CUSTOM | section::START => {}
            // They are imported.
            section::MEMORY if !self.memories.is_empty() => {}
            section::TYPE | section::IMPORT | section::FUNCTION => {
                append(section, None, self.added_to(section.id), wasm)?;
            }
            section::GLOBAL | section::EXPORT | section::ELEMENT => {
                let content = self.added.trampolines.redirect_section(section)?;
                append(section, content.as_deref(), self.added_to(section.id), wasm)?;
            }
            section::CODE => self.write_code(section, wasm)?,
            _ => wasm.extend_from_slice(section.whole),
        }
        Ok(())
    }

    /// Writes a section that the module lacks, if something is added to it.
    fn write_missing(&self, id: u8, wasm: &mut Vec<u8>) {
        let (count, entries) = self.added_to(id);
        if count > 0 {
            section::write_vector(wasm, id, count, &[entries]);
        }
    }

    /// What is added at the end of a section.
    fn added_to(&self, id: u8) -> Entries {
        let mut entries = match (id, &self.start) {
            (section::TYPE, _) => self.added.helpers.types(),
            (section::IMPORT, _) => self.memories.entries(),
            (section::FUNCTION, _) => self.added.helpers.type_indices(),
            (section::CODE, _) => self.added.helpers.bodies(),
            (section::EXPORT, Some(start)) => start.entries(),
            _ => Entries::default(),
        };
        match id {
            section::FUNCTION => add(&mut entries, self.added.trampolines.type_indices()),
            section::CODE => add(&mut entries, self.added.trampolines.bodies()),
            _ => {}
        }
        if let Some(exposed) = &self.exposed {
            add(&mut entries, exposed.added_to(id));
        }
        entries
    }

    /// Writes all bodies; those between two that change are copied in one go.
    fn write_code(&self, section: &Section<'_>, wasm: &mut Vec<u8>) -> Result<(), Failure> {
        let (more, added) = self.added_to(section::CODE);
        if more == 0 && self.outline.bodies.rewritten.is_empty() {
            wasm.extend_from_slice(section.whole);
            return Ok(());
        }
        let mut reader = BinaryReader::new(section.content, section.content_start);
        let count = reader.read_var_u32()?;
        let mut changes = self.outline.bodies.rewritten.iter().peekable();
        let mut parts = Vec::new();
        let mut copied = reader.original_position();
        while !reader.eof() {
            let entry = reader.original_position();
            let len = reader.read_var_u32()?;
            let start = reader.original_position();
            reader.read_bytes(usize::try_from(len).unwrap_or(usize::MAX))?;
            if let Some(change) = changes.next_if(|change| change.range.start == start) {
                parts.push(self.kept(copied..entry));
                let body = body::rewrite(self.wasm, self.outline, change, &self.added, |_, _| {})?;
                let mut len = Vec::new();
                section::write_len(&mut len, &body);
                parts.extend([Cow::Owned(len), Cow::Owned(body)]);
                copied = reader.original_position();
            }
        }
        parts.push(self.kept(copied..reader.original_position()));
        parts.push(Cow::Owned(added));
        let count = count.saturating_add(more);
        section::write_vector(wasm, section::CODE, count, &parts);
        Ok(())
    }

    fn kept(&self, range: Range<usize>) -> Cow<'_, [u8]> {
        Cow::Borrowed(self.wasm.get(range).unwrap_or_default())
    }
}

fn add((count, entries): &mut Entries, (more, added): (u32, &[u8])) {
    *count = count.saturating_add(more);
    entries.extend_from_slice(added);
}

/// Writes a section that is a vector, whose content may have become `changed`, with more entries at its end.
fn append(
    section: &Section<'_>,
    changed: Option<&[u8]>,
    (more, added): Entries,
    wasm: &mut Vec<u8>,
) -> Result<(), BinaryReaderError> {
    if more == 0 && changed.is_none() {
        wasm.extend_from_slice(section.whole);
        return Ok(());
    }
    let (count, entries) = section::read_vector(changed.unwrap_or(section.content))?;
    section::write_vector(
        wasm,
        section.id,
        count.saturating_add(more),
        &[entries, added.as_slice()],
    );
    Ok(())
}
