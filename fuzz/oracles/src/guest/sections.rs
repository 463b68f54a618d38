//! A module as a list of sections, to which items can be added.

use std::ops::Range;
use wasm_encoder::{Encode, Section};
use wasmparser::{BinaryReader, BinaryReaderError, Parser};

/// The sections of a module, in order.
pub(super) struct Sections(Vec<(u8, Vec<u8>)>);

impl Sections {
    /// Cuts a module into its sections; what is in them is not looked at.
    pub(super) fn read(wasm: &[u8]) -> Result<Self, BinaryReaderError> {
        let mut sections = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            if let Some((id, Range { start, end })) = payload?.as_section() {
                sections.push((id, wasm[start..end].to_vec()));
            }
        }
        Ok(Self(sections))
    }

    /// Adds the items of `more` after those that are there.
    pub(super) fn append(&mut self, more: &impl Section) {
        let mut bytes = Vec::new();
        more.encode(&mut bytes);
        let (_, payload) = number(&bytes);
        let (added, items) = number(payload);
        let at = self.place(more.id());
        let (_, section) = &mut self.0[at];
        let (count, rest) = number(section);
        let mut grown = Vec::new();
        (count + added).encode(&mut grown);
        grown.extend_from_slice(rest);
        grown.extend_from_slice(items);
        *section = grown;
    }

    /// The module.
    pub(super) fn write(&self) -> Vec<u8> {
        let mut module = wasm_encoder::Module::new();
        for (id, data) in &self.0 {
            module.section(&wasm_encoder::RawSection { id: *id, data });
        }
        module.finish()
    }

    /// Where the section is; an empty one is put in if there is none.
    fn place(&mut self, id: u8) -> usize {
        if let Some(found) = self.0.iter().position(|(other, _)| *other == id) {
            return found;
        }
        let after = |other: u8| rank(other) > rank(id);
        let at = self.0.iter().position(|(other, _)| after(*other));
        let at = at.unwrap_or(self.0.len());
        self.0.insert(at, (id, vec![0]));
        at
    }
}

/// Where a section stands among others; custom ones anywhere.
fn rank(id: u8) -> Option<usize> {
    const ORDER: [u8; 13] = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];
    ORDER.iter().position(|other| *other == id)
}

/// The number at the start of a section, and what follows it.
fn number(bytes: &[u8]) -> (u32, &[u8]) {
    let mut reader = BinaryReader::new(bytes, 0);
    let number = reader.read_var_u32().expect("sections begin with a number");
    (number, &bytes[reader.original_position()..])
}
