//! The first look at a module: what is in it and how much, before anything is allocated in proportion.

use super::{
    abi,
    bodies::Bodies,
    convert,
    weight::{Weight, allow, len},
};
use crate::{
    error::Error,
    extern_type::{MemoryType, TableType},
    module_limits::ModuleLimits,
    proposal::Proposal,
};
use alloc::{format, string::ToString, vec::Vec};
use fuelbox_guest::protocol;
use wasmparser::{BinaryReaderError, ExternalKind, FunctionBody, Parser, Payload, TypeRef};

/// What the first look found.
#[derive(Default)]
pub(super) struct Survey {
    /// Whether there is a start section.
    pub(super) has_start: bool,
    /// Memories, imported ones first.
    pub(super) memories: Vec<MemoryType>,
    /// Tables, imported ones first.
    pub(super) tables: Vec<TableType>,
    /// What the guest says of its protocol.
    pub(super) abi_version: abi::AbiVersion,
    /// Index of the function that tells the version.
    abi_function: Option<u32>,
    pub(super) weight: Weight,
    pub(super) bodies: Bodies,
}

/// Looks through the sections of `wasm`.
///
/// # Errors
/// [`Error::ModuleLimit`], and [`Error::InvalidModule`] where sections cannot be told apart. What the
/// sections hold is not validated yet.
pub(super) fn survey(wasm: &[u8], limits: &ModuleLimits) -> Result<Survey, Error> {
    allow("module_bytes", limits.module_bytes, len(wasm))?;
    recognise(wasm)?;
    let mut survey = Survey::default();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.map_err(|error| invalid(&error))?;
        count(&payload, limits)?;
        survey.weight.add(&payload, limits)?;
        survey.bodies.read(&payload);
        survey.note(payload).map_err(|error| invalid(&error))?;
    }
    allow(
        "carried_values",
        limits.carried_values,
        survey.bodies.carried,
    )?;
    Ok(survey)
}

/// An error of the parser as ours.
pub(super) fn invalid(error: &BinaryReaderError) -> Error {
    Error::InvalidModule {
        offset: u64::try_from(error.offset()).unwrap_or(u64::MAX),
        message: error.message().to_string(),
    }
}

impl Survey {
    /// Refuses what is valid and wasmi 2.0.0 fails at, all of it with indices of 64 bits.
    ///
    /// It panics where a memory grows that may have 2^64 bytes, and a host of 32 bits makes no table whose
    /// maximum takes more.
    ///
    /// # Errors
    /// [`Error::Unsupported`].
    pub(super) fn must_suit_the_interpreter(&self) -> Result<(), Error> {
        let memory = self
            .memories
            .iter()
            .filter_map(|memory| Some((memory.maximum_pages?, memory.page_bytes)))
            .find(|(pages, page_bytes)| pages.checked_mul(*page_bytes).is_none())
            .map(|(pages, _)| format!("a memory may have {pages} pages"));
        let table = self
            .tables
            .iter()
            .filter_map(|table| table.maximum)
            .find(|elements| u32::try_from(*elements).is_err())
            .map(|elements| format!("a table may have {elements} elements"));
        match memory.or(table) {
            Some(message) => Err(Error::Unsupported { message }),
            None => Ok(()),
        }
    }

    fn note(&mut self, payload: Payload<'_>) -> Result<(), BinaryReaderError> {
        match payload {
            Payload::ImportSection(imports) => {
                for import in imports {
                    match import?.ty {
                        TypeRef::Memory(ty) => self.memories.push(convert::declared_memory(ty)),
                        TypeRef::Table(ty) => self.tables.push(convert::declared_table(ty)),
                        TypeRef::Func(_) | TypeRef::Global(_) | TypeRef::Tag(_) => {}
                    }
                }
            }
            Payload::MemorySection(memories) => {
                for memory in memories {
                    self.memories.push(convert::declared_memory(memory?));
                }
            }
            Payload::TableSection(tables) => {
                for table in tables {
                    self.tables.push(convert::declared_table(table?.ty));
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    if export.name == protocol::ABI_VERSION_EXPORT
                        && export.kind == ExternalKind::Func
                    {
                        self.abi_version = abi::AbiVersion::Computed;
                        self.abi_function = Some(export.index);
                    }
                }
            }
            Payload::StartSection { .. } => self.has_start = true,
            Payload::CodeSectionEntry(body) => self.note_body(&body),
            _ => {}
        }
        Ok(())
    }

    fn note_body(&mut self, body: &FunctionBody<'_>) {
        if let Some(last) = self.bodies.last()
            && self.abi_function == Some(last)
            && let Some(version) = abi::constant(body)
        {
            self.abi_version = abi::AbiVersion::Constant(version);
        }
    }
}

/// Tells modules of WebAssembly from what is handed in by mistake.
fn recognise(wasm: &[u8]) -> Result<(), Error> {
    const MAGIC: &[u8] = b"\0asm";
    /// Version and layer of a component.
    const COMPONENT: &[u8] = &[0x0d, 0, 1, 0];

    match wasm.strip_prefix(MAGIC) {
        Some(rest) if rest.starts_with(COMPONENT) => Err(Error::Proposal {
            proposal: Proposal::ComponentModel,
        }),
        Some(_) => Ok(()),
        None if wasm.trim_ascii_start().starts_with(b"(")
            || wasm.trim_ascii_start().starts_with(b";;") =>
        {
            Err(Error::TextModule)
        }
        // What breaks off before its first words are over is left to the parser.
        None if MAGIC.starts_with(wasm) => Ok(()),
        None => Err(Error::InvalidModule {
            offset: 0,
            message: "it does not begin as WebAssembly does".into(),
        }),
    }
}

fn count(payload: &Payload<'_>, limits: &ModuleLimits) -> Result<(), Error> {
    let (limit, allowed, found) = match payload {
        Payload::TypeSection(section) => ("types", limits.types, section.count()),
        Payload::ImportSection(section) => ("imports", limits.imports, section.count()),
        Payload::FunctionSection(section) => ("functions", limits.functions, section.count()),
        Payload::TableSection(section) => ("tables", limits.tables, section.count()),
        Payload::MemorySection(section) => ("memories", limits.memories, section.count()),
        Payload::GlobalSection(section) => ("globals", limits.globals, section.count()),
        Payload::ExportSection(section) => ("exports", limits.exports, section.count()),
        Payload::ElementSection(section) => {
            ("element_segments", limits.element_segments, section.count())
        }
        Payload::DataSection(section) => ("data_segments", limits.data_segments, section.count()),
        Payload::DataCountSection { count, .. } => ("data_segments", limits.data_segments, *count),
        Payload::CodeSectionStart { count, .. } => ("functions", limits.functions, *count),
        Payload::CodeSectionEntry(body) => {
            return allow(
                "function_bytes",
                limits.function_bytes,
                len(body.as_bytes()),
            );
        }
        _ => return Ok(()),
    };
    allow(limit, allowed, u64::from(found))
}
