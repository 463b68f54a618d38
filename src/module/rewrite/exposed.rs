//! The exports by which a snapshot reads the state of an instance.
//!
//! The interpreter gives access to exports alone. So all that can change is exported, under names that the module
//! does not use. What no export shows is told by functions: which function a reference leads to, by functions that
//! give references; and whether a segment is dropped, by functions that trap where it is. Nothing of the guest can
//! reach these: its own numbers lead to what they led to before.

use super::Added;
use crate::module::{
    opcode::{
        BULK, END, FUNCREF, FUNCTION_TYPE, I32_CONST, I64_CONST, MEMORY_INIT, REF_FUNC, TABLE_INIT,
    },
    section,
    source::{Part, Source},
};
use alloc::vec::Vec;

/// How many references one function gives: so many results the interpreter takes with ease.
pub(in crate::module) const REFERENCES: usize = 100;

/// What is added to the sections of a module.
#[derive(Default)]
pub(super) struct Exposed {
    types: Entries,
    type_indices: Entries,
    exports: Entries,
    bodies: Entries,
}

type Entries = (u32, Vec<u8>);

// Kinds of exports, as the binary format numbers them.
const FUNCTION: u8 = 0;
const TABLE: u8 = 1;
const MEMORY: u8 = 2;
const GLOBAL: u8 = 3;

impl Exposed {
    /// What the module of `source` gets, behind what was `added` to it.
    pub(super) fn of(source: &Source, added: &Added) -> Self {
        let next = added.end();
        let survey = &source.survey;
        let mut exposed = Self::default();
        for (memory, _) in (0..).zip(&survey.memories) {
            exposed.export(source, Part::Memory(memory), MEMORY, memory);
        }
        for (table, _) in (0..).zip(&survey.tables) {
            exposed.export(source, Part::Table(table), TABLE, table);
        }
        for global in &survey.globals {
            exposed.export(source, Part::Global(*global), GLOBAL, *global);
        }
        for (number, functions) in (0..).zip(source.references()) {
            exposed.add(
                source,
                Part::References(number),
                next,
                functions.len(),
                |body| {
                    for function in &functions {
                        body.push(REF_FUNC);
                        section::write_u32(body, added.trampolines.instead_of(*function));
                    }
                },
            );
        }
        for segment in survey.uncertain_data() {
            exposed.add(source, Part::Data(segment), next, 0, |body| {
                let is_64 = survey.is_wide_memory(0);
                write_initialization(body, is_64, MEMORY_INIT, segment, 0);
            });
        }
        for (segment, table) in survey.uncertain_elements() {
            exposed.add(source, Part::Element(segment), next, 0, |body| {
                let is_64 = survey.is_wide_table(table);
                write_initialization(body, is_64, TABLE_INIT, segment, table);
            });
        }
        exposed
    }

    pub(super) fn added_to(&self, id: u8) -> (u32, &[u8]) {
        let (count, entries) = match id {
            section::TYPE => &self.types,
            section::FUNCTION => &self.type_indices,
            section::EXPORT => &self.exports,
            section::CODE => &self.bodies,
            _ => return (0, &[]),
        };
        (*count, entries)
    }

    fn export(&mut self, source: &Source, part: Part, kind: u8, index: u32) {
        let name = source.name(part);
        let (count, entries) = &mut self.exports;
        *count = count.saturating_add(1);
        section::write_len(entries, name.as_bytes());
        entries.extend_from_slice(name.as_bytes());
        entries.push(kind);
        section::write_u32(entries, index);
    }

    /// Adds a function that gives so many references to functions, and its export.
    fn add(
        &mut self,
        source: &Source,
        part: Part,
        (next_type, next_function): (u32, u32),
        references: usize,
        write: impl FnOnce(&mut Vec<u8>),
    ) {
        const NONE: u8 = 0;

        let (number, entries) = &mut self.bodies;
        let (ty, function) = (
            next_type.saturating_add(*number),
            next_function.saturating_add(*number),
        );
        let mut body = Vec::from([NONE]);
        write(&mut body);
        body.push(END);
        section::write_len(entries, &body);
        entries.extend_from_slice(&body);
        *number = number.saturating_add(1);

        let results = alloc::vec![FUNCREF; references];
        let (count, entries) = &mut self.types;
        *count = count.saturating_add(1);
        entries.extend_from_slice(&[FUNCTION_TYPE, NONE]);
        section::write_len(entries, &results);
        entries.extend_from_slice(&results);

        let (count, entries) = &mut self.type_indices;
        *count = count.saturating_add(1);
        section::write_u32(entries, ty);
        self.export(source, part, FUNCTION, function);
    }
}

/// Writes what copies nothing from behind the first entry of a segment: it traps where there is none.
fn write_initialization(body: &mut Vec<u8>, is_64: bool, opcode: u8, segment: u32, target: usize) {
    const TO: u8 = 0;
    const FROM: u8 = 1;
    const COUNT: u8 = 0;

    let index = if is_64 { I64_CONST } else { I32_CONST };
    body.extend_from_slice(&[index, TO, I32_CONST, FROM, I32_CONST, COUNT, BULK, opcode]);
    section::write_u32(body, segment);
    section::write_u32(body, u32::try_from(target).unwrap_or(u32::MAX));
}
