//! The start section, turned into an export.
//!
//! The interpreter runs a start function while it instantiates, where no slice, deadline or cancel
//! reaches it. So the section goes, and the function is exported under a name that the module does
//! not use; the execution calls it before anything else. Every other byte stays.

use crate::module::section;
use alloc::{collections::BTreeSet, format, string::String, vec::Vec};
use wasmparser::{BinaryReaderError, Parser, Payload};

/// Name of the export that stands for the start section, unless the module has one of that name.
const EXPORT: &str = "fuelbox:start";

/// What stands for a start section.
pub(super) struct Start {
    /// The name of the export.
    pub(super) export: String,
    function: u32,
}

impl Start {
    /// The export of `function`, by a name that `wasm` does not use.
    ///
    /// # Errors
    /// The parser's, which a valid module does not cause.
    pub(super) fn new(wasm: &[u8], function: u32) -> Result<Self, BinaryReaderError> {
        let mut names = BTreeSet::new();
        for payload in Parser::new(0).parse_all(wasm) {
            if let Payload::ExportSection(exports) = payload? {
                for export in exports {
                    names.insert(export?.name);
                }
            }
        }
        Ok(Self {
            export: unused(&names),
            function,
        })
    }

    /// The entries that the section of exports gets.
    pub(super) fn entries(&self) -> (u32, Vec<u8>) {
        /// Kind of an export that is a function.
        const FUNCTION: u8 = 0;

        let mut entry = Vec::new();
        section::write_len(&mut entry, self.export.as_bytes());
        entry.extend_from_slice(self.export.as_bytes());
        entry.push(FUNCTION);
        section::write_u32(&mut entry, self.function);
        (1, entry)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_taken_is_not_used() {
        let names = BTreeSet::from(["fuelbox:start", "fuelbox:start:0"]);
        assert_eq!(unused(&names), "fuelbox:start:1");
    }
}
