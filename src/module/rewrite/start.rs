//! The start section, turned into an export.
//!
//! The interpreter runs a start function while it instantiates, where no slice, deadline or cancel
//! reaches it. So the section goes, and the function is exported under a name that the module does
//! not use; the execution calls it before anything else. Every other byte stays.

use super::section;
use alloc::{collections::BTreeSet, format, string::String, vec::Vec};
use wasmparser::{BinaryReaderError, Parser, Payload};

/// Name of the export that stands for the start section, unless the module has one of that name.
const EXPORT: &str = "fuelbox:start";

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

    let mut rewritten = section::header(wasm).to_vec();
    for section in section::sections(wasm) {
        let section = section?;
        match section.id {
            section::EXPORT => {
                let (count, entries) = section::read_vector(section.content)?;
                section::write_vector(
                    &mut rewritten,
                    section::EXPORT,
                    count.saturating_add(1),
                    &[entries, &entry],
                );
            }
            section::START if has_exports => {}
            // Exports stand right before the start section.
            section::START => section::write_vector(&mut rewritten, section::EXPORT, 1, &[&entry]),
            _ => rewritten.extend_from_slice(section.whole),
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
    section::write_len(&mut entry, name.as_bytes());
    entry.extend_from_slice(name.as_bytes());
    entry.push(FUNCTION);
    section::write_u32(&mut entry, function);
    entry
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_taken_is_not_used() {
        let names = BTreeSet::from(["fuelbox:start", "fuelbox:start:0"]);
        assert_eq!(unused(&names), "fuelbox:start:1");
    }
}
