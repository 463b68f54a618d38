//! The start section, turned into an export.
//!
//! The interpreter runs a start function while it instantiates, where no slice, deadline or cancel
//! reaches it. So the section goes, and the function is exported under a name that the module does
//! not use; the execution calls it before anything else. Every other byte stays.

use alloc::{collections::BTreeSet, format, string::String, vec::Vec};
use core::ops::Range;
use wasmparser::{BinaryReader, BinaryReaderError, Parser, Payload};

/// Name of the export that stands for the start section, unless the module has one of that name.
const EXPORT: &str = "fuelbox:start";

/// Length of magic and version.
const HEADER_BYTES: usize = 8;

/// A module without a start section.
pub(super) struct Rewritten {
    pub(super) wasm: Vec<u8>,
    /// Name of the export that stands for it.
    pub(super) export: String,
}

/// Rewrites a valid `wasm` that has a start section; `None` where it has none.
///
/// # Errors
/// The parser's, which a valid module does not cause.
pub(super) fn rewrite(wasm: &[u8]) -> Result<Option<Rewritten>, BinaryReaderError> {
    let mut start = None;
    let mut has_exports = false;
    let mut names = BTreeSet::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::StartSection { func, .. } => start = Some(func),
            Payload::ExportSection(exports) => {
                has_exports = true;
                for export in exports {
                    names.insert(export?.name);
                }
            }
            _ => {}
        }
    }
    let Some(function) = start else {
        return Ok(None);
    };
    let export = unused(&names);
    let entry = export_entry(&export, function);

    let mut rewritten = Vec::with_capacity(
        wasm.len()
            .saturating_add(entry.len())
            .saturating_add(HEADER_BYTES),
    );
    rewritten.extend_from_slice(wasm.get(..HEADER_BYTES).unwrap_or(wasm));
    for section in sections(wasm) {
        let section = section?;
        match section.id {
            SectionId::EXPORT => {
                let (count, entries) = read_count(bytes(wasm, &section.content))?;
                write_exports(&mut rewritten, count.saturating_add(1), entries, &entry);
            }
            SectionId::START if has_exports => {}
            // Exports stand right before the start section.
            SectionId::START => write_exports(&mut rewritten, 1, &[], &entry),
            _ => rewritten.extend_from_slice(bytes(wasm, &section.whole)),
        }
    }
    Ok(Some(Rewritten {
        wasm: rewritten,
        export,
    }))
}

/// A name that is not among `names`.
fn unused(names: &BTreeSet<&str>) -> String {
    let mut name = String::from(EXPORT);
    let mut number = 0_u64;
    while names.contains(name.as_str()) {
        name = format!("{EXPORT}:{number}");
        number = number.saturating_add(1);
    }
    name
}

fn export_entry(name: &str, function: u32) -> Vec<u8> {
    /// Kind of an export that is a function.
    const FUNCTION: u8 = 0;

    let mut entry = Vec::new();
    write_u32(&mut entry, len(name.as_bytes()));
    entry.extend_from_slice(name.as_bytes());
    entry.push(FUNCTION);
    write_u32(&mut entry, function);
    entry
}

fn write_exports(wasm: &mut Vec<u8>, count: u32, entries: &[u8], more: &[u8]) {
    let mut content = Vec::new();
    write_u32(&mut content, count);
    content.extend_from_slice(entries);
    content.extend_from_slice(more);
    wasm.push(SectionId::EXPORT);
    write_u32(wasm, len(&content));
    wasm.extend_from_slice(&content);
}

/// Splits the content of a section into its count and its entries.
fn read_count(content: &[u8]) -> Result<(u32, &[u8]), BinaryReaderError> {
    let mut reader = BinaryReader::new(content, 0);
    let count = reader.read_var_u32()?;
    let entries = content
        .get(reader.original_position()..)
        .unwrap_or_default();
    Ok((count, entries))
}

/// Ids of sections, as the specification numbers them.
struct SectionId;

impl SectionId {
    const EXPORT: u8 = 7;
    const START: u8 = 8;
}

struct Section {
    id: u8,
    whole: Range<usize>,
    content: Range<usize>,
}

/// The sections of a module, custom ones included.
fn sections(wasm: &[u8]) -> impl Iterator<Item = Result<Section, BinaryReaderError>> {
    let mut reader = BinaryReader::new(wasm.get(HEADER_BYTES..).unwrap_or_default(), HEADER_BYTES);
    core::iter::from_fn(move || {
        if reader.eof() {
            return None;
        }
        Some(read_section(&mut reader))
    })
}

fn read_section(reader: &mut BinaryReader<'_>) -> Result<Section, BinaryReaderError> {
    let start = reader.original_position();
    let id = reader.read_u8()?;
    let len = reader.read_var_u32()?;
    let content_start = reader.original_position();
    reader.read_bytes(usize::try_from(len).unwrap_or(usize::MAX))?;
    let end = reader.original_position();
    Ok(Section {
        id,
        whole: start..end,
        content: content_start..end,
    })
}

fn bytes<'a>(wasm: &'a [u8], range: &Range<usize>) -> &'a [u8] {
    wasm.get(range.clone()).unwrap_or_default()
}

fn len(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).expect("a section of a valid module is shorter than 4 GiB")
}

/// Appends `value` as unsigned LEB128, the way the binary format writes numbers.
fn write_u32(wasm: &mut Vec<u8>, mut value: u32) {
    const CONTINUES: u8 = 0x80;
    loop {
        let [low, ..] = value.to_le_bytes();
        value >>= 7;
        if value == 0 {
            wasm.push(low & !CONTINUES);
            return;
        }
        wasm.push(low | CONTINUES);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_leb128() {
        for value in [0, 1, 127, 128, 624_485, u32::MAX] {
            let mut bytes = Vec::new();
            write_u32(&mut bytes, value);
            let mut reader = BinaryReader::new(&bytes, 0);
            assert_eq!(reader.read_var_u32().ok(), Some(value));
            assert!(reader.eof());
        }
    }

    #[test]
    fn a_name_that_is_taken_is_not_used() {
        let names = BTreeSet::from(["fuelbox:start", "fuelbox:start:0"]);
        assert_eq!(unused(&names), "fuelbox:start:1");
    }
}
