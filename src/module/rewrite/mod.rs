//! What is changed in a valid module before it is compiled, so that all it does is computed rightly, in short slices.
//!
//! One pass over the sections writes the module again. Bodies in which nothing has to change stay byte for byte.

mod body;
mod control_flow;
mod growth;
mod reach;
mod section;
mod select;
mod start;
mod straight;
mod temporaries;

pub(crate) use growth::REPLAY_FUEL as TABLE_GROW_REPLAY_FUEL;

use super::outline::Outline;
use crate::error::Error;
use alloc::{borrow::Cow, format, string::String, vec::Vec};
use core::ops::Range;
use growth::Helpers;
use section::Section;
use wasmparser::{BinaryReader, BinaryReaderError};

/// A module as it is compiled.
pub(super) struct Rewritten<'a> {
    pub(super) wasm: Cow<'a, [u8]>,
    /// Name of the export that stands for the start section.
    pub(super) start: Option<String>,
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

/// Rewrites `wasm`, which is what `outline` was made of.
///
/// # Errors
/// [`Error::Unsupported`] where a function has no room for the locals that it needs.
pub(super) fn rewrite<'a>(wasm: &'a [u8], outline: &Outline) -> Result<Rewritten<'a>, Failure> {
    let start = match outline.start {
        Some(function) => Some(start::Start::new(wasm, function)?),
        None => None,
    };
    if start.is_none() && outline.bodies.rewritten.is_empty() {
        return Ok(Rewritten {
            wasm: Cow::Borrowed(wasm),
            start: None,
        });
    }
    let writer = Writer {
        wasm,
        outline,
        helpers: Helpers::of(outline),
        start,
    };
    Ok(Rewritten {
        wasm: Cow::Owned(writer.write()?),
        start: writer.start.map(|start| start.export),
    })
}

struct Writer<'a> {
    wasm: &'a [u8],
    outline: &'a Outline,
    helpers: Helpers,
    start: Option<start::Start>,
}

impl Writer<'_> {
    fn write(&self) -> Result<Vec<u8>, Failure> {
        // A little more than there was: helpers and an export are short.
        const MORE_BYTES: usize = 1 << 10;

        let mut rewritten = Vec::with_capacity(self.wasm.len().saturating_add(MORE_BYTES));
        rewritten.extend_from_slice(section::header(self.wasm));
        for section in section::sections(self.wasm) {
            self.write_section(&section?, &mut rewritten)?;
        }
        Ok(rewritten)
    }

    fn write_section(&self, section: &Section<'_>, wasm: &mut Vec<u8>) -> Result<(), Failure> {
        match (section.id, &self.start) {
            // The interpreter reads none.
            (section::CUSTOM, _) => {}
            (section::TYPE, _) => append(section, self.helpers.types(), wasm)?,
            (section::FUNCTION, _) => append(section, self.helpers.type_indices(), wasm)?,
            (section::EXPORT, Some(start)) => append(section, start.entries(), wasm)?,
            // Exports stand right before the start section.
            (section::START, Some(start)) if !start.has_exports => {
                let (count, entries) = start.entries();
                section::write_vector(wasm, section::EXPORT, count, &[entries]);
            }
            (section::START, _) => {}
            (section::CODE, _) => self.write_code(section, wasm)?,
            _ => wasm.extend_from_slice(section.whole),
        }
        Ok(())
    }

    /// Writes all bodies; those between two that change are copied in one go.
    fn write_code(&self, section: &Section<'_>, wasm: &mut Vec<u8>) -> Result<(), Failure> {
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
                let body = body::rewrite(self.wasm, self.outline, change, &self.helpers)?;
                let mut len = Vec::new();
                section::write_len(&mut len, &body);
                parts.extend([Cow::Owned(len), Cow::Owned(body)]);
                copied = reader.original_position();
            }
        }
        parts.push(self.kept(copied..reader.original_position()));
        let (more, helpers) = self.helpers.bodies();
        parts.push(Cow::Owned(helpers));
        let count = count.saturating_add(more);
        section::write_vector(wasm, section::CODE, count, &parts);
        Ok(())
    }

    fn kept(&self, range: Range<usize>) -> Cow<'_, [u8]> {
        Cow::Borrowed(self.wasm.get(range).unwrap_or_default())
    }
}

/// Writes a section that is a vector, with more entries at its end.
fn append(
    section: &Section<'_>,
    (more, added): (u32, Vec<u8>),
    wasm: &mut Vec<u8>,
) -> Result<(), BinaryReaderError> {
    if more == 0 {
        wasm.extend_from_slice(section.whole);
        return Ok(());
    }
    let (count, entries) = section::read_vector(section.content)?;
    section::write_vector(
        wasm,
        section.id,
        count.saturating_add(more),
        &[entries, added.as_slice()],
    );
    Ok(())
}
