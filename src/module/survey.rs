//! The survey of a module: what a snapshot has to know beside its sections.
//!
//! One more pass over a valid module, made only where it is built for snapshots.

use super::proposals;
use crate::module_limits::ModuleLimits;
use alloc::{collections::BTreeSet, vec::Vec};
use wasmparser::{
    BinaryReaderError, DataKind, ElementItems, ElementKind, FunctionBody, Operator, Parser,
    Payload, RefType,
};

/// What a snapshot has to know of a module beside what its sections say.
#[derive(Default)]
pub(super) struct Survey {
    /// The functions that a reference can lead to.
    pub(super) references: BTreeSet<u32>,
    /// Those of them that code makes references to, and that a module has to declare therefore.
    pub(super) made_in_code: BTreeSet<u32>,
    /// The globals that change.
    pub(super) globals: Vec<u32>,
    /// Whether the addresses of the memories have 64 bits.
    pub(super) memories: Vec<bool>,
    /// The types of the tables' elements, and whether their indices have 64 bits.
    pub(super) tables: Vec<(RefType, bool)>,
    pub(super) data: Segments,
    pub(super) elements: Segments,
    /// The types of the items of element segments.
    element_types: Vec<RefType>,
}

/// What code does with the segments of one kind.
#[derive(Default)]
pub(super) struct Segments {
    /// One more than the highest number that code names.
    pub(super) named: u32,
    /// Those that code drops.
    dropped: BTreeSet<u32>,
    /// Those of them of which a guest can tell whether they are dropped: passive and not empty.
    passive: BTreeSet<u32>,
}

impl Survey {
    /// Reads a valid module.
    ///
    /// # Errors
    /// The parser's, which a valid module does not cause.
    pub(super) fn of(wasm: &[u8], limits: &ModuleLimits) -> Result<Self, BinaryReaderError> {
        let mut survey = Self::default();
        let mut parser = Parser::new(0);
        parser.set_features(proposals::allowed(limits.proposals));
        for payload in parser.parse_all(wasm) {
            survey.note(payload?)?;
        }
        Ok(survey)
    }

    /// The data segments of which only the instance knows whether they are dropped.
    pub(super) fn uncertain_data(&self) -> impl Iterator<Item = u32> {
        // Without a memory nothing can be done with any.
        let has_memory = !self.memories.is_empty();
        self.data.uncertain().filter(move |_| has_memory)
    }

    /// The same of element segments, each with a table that its items fit into.
    pub(super) fn uncertain_elements(&self) -> impl Iterator<Item = (u32, usize)> {
        self.elements.uncertain().filter_map(|segment| {
            let ty = self.element_types.get(usize::try_from(segment).ok()?)?;
            let table = self.tables.iter().position(|(table, _)| table == ty)?;
            Some((segment, table))
        })
    }

    /// Whether the addresses of a memory have 64 bits.
    pub(super) fn is_wide_memory(&self, memory: usize) -> bool {
        self.memories.get(memory).is_some_and(|is_wide| *is_wide)
    }

    /// Whether the indices of a table have 64 bits.
    pub(super) fn is_wide_table(&self, table: usize) -> bool {
        self.tables.get(table).is_some_and(|(_, is_wide)| *is_wide)
    }

    fn note(&mut self, payload: Payload<'_>) -> Result<(), BinaryReaderError> {
        match payload {
            // Imported memories, tables and globals are never granted, so no instance has one.
            Payload::MemorySection(memories) => {
                for memory in memories {
                    self.memories.push(memory?.memory64);
                }
            }
            Payload::TableSection(tables) => {
                for table in tables {
                    let ty = table?.ty;
                    self.tables.push((ty.element_type, ty.table64));
                }
            }
            Payload::GlobalSection(globals) => {
                for (global, index) in globals.into_iter().zip(0..) {
                    let global = global?;
                    if global.ty.mutable {
                        self.globals.push(index);
                    }
                    self.note_constant(global.init_expr.get_operators_reader().into_iter())?;
                }
            }
            Payload::ElementSection(segments) => {
                for (segment, index) in segments.into_iter().zip(0..) {
                    let segment = segment?;
                    let is_passive = matches!(segment.kind, ElementKind::Passive);
                    self.note_items(segment.items, is_passive, index)?;
                }
            }
            Payload::DataSection(segments) => {
                for (segment, index) in segments.into_iter().zip(0..) {
                    let segment = segment?;
                    if matches!(segment.kind, DataKind::Passive) && !segment.data.is_empty() {
                        self.data.passive.insert(index);
                    }
                }
            }
            Payload::CodeSectionEntry(body) => self.note_body(&body)?,
            _ => {}
        }
        Ok(())
    }

    fn note_items(
        &mut self,
        items: ElementItems<'_>,
        is_passive: bool,
        index: u32,
    ) -> Result<(), BinaryReaderError> {
        let (ty, count) = match &items {
            ElementItems::Functions(items) => (RefType::FUNCREF, items.count()),
            ElementItems::Expressions(ty, items) => (*ty, items.count()),
        };
        self.element_types.push(ty);
        if is_passive && count > 0 {
            self.elements.passive.insert(index);
        }
        match items {
            ElementItems::Functions(items) => {
                for item in items {
                    self.references.insert(item?);
                }
            }
            ElementItems::Expressions(_, items) => {
                for item in items {
                    self.note_constant(item?.get_operators_reader().into_iter())?;
                }
            }
        }
        Ok(())
    }

    fn note_constant<'a>(
        &mut self,
        operators: impl Iterator<Item = Result<Operator<'a>, BinaryReaderError>>,
    ) -> Result<(), BinaryReaderError> {
        for operator in operators {
            if let Operator::RefFunc { function_index } = operator? {
                self.references.insert(function_index);
            }
        }
        Ok(())
    }

    fn note_body(&mut self, body: &FunctionBody<'_>) -> Result<(), BinaryReaderError> {
        for operator in body.get_operators_reader()? {
            match operator? {
                Operator::RefFunc { function_index } => {
                    self.references.insert(function_index);
                    self.made_in_code.insert(function_index);
                }
                Operator::MemoryInit { data_index, .. } => self.data.name(data_index),
                Operator::DataDrop { data_index } => self.data.drop(data_index),
                Operator::TableInit { elem_index, .. } => self.elements.name(elem_index),
                Operator::ElemDrop { elem_index } => self.elements.drop(elem_index),
                _ => {}
            }
        }
        Ok(())
    }
}

impl Segments {
    fn name(&mut self, segment: u32) {
        self.named = self.named.max(segment.saturating_add(1));
    }

    fn drop(&mut self, segment: u32) {
        self.name(segment);
        self.dropped.insert(segment);
    }

    fn uncertain(&self) -> impl Iterator<Item = u32> {
        self.dropped.intersection(&self.passive).copied()
    }
}
