//! The module of a snapshot: a module written again with the state of an instance.
//!
//! One pass over the sections of the original. What an instance changes is written as it is now: memories, tables
//! and globals. What has happened is gone: the start function, `_initialize`, and what segments put into memories
//! and tables. Numbers stay, so that code stays byte for byte; nothing here is trusted, since what is written is
//! admitted like any other module.

mod data;
mod elements;
mod sizes;

use super::{
    Module,
    opcode::{END, EXTERNREF, FUNCREF, I32_CONST, I64_CONST, REF_FUNC, REF_NULL},
    section::{self, Section},
    source::Source,
    weight::{allow, len},
};
use crate::{error::Error, value::Value};
use alloc::{borrow::Cow, collections::BTreeSet, format, vec::Vec};
use data::Data;
use elements::Elements;
use fuelbox_guest::protocol;
use wasmparser::{BinaryReader, BinaryReaderError, ExportSectionReader, GlobalSectionReader};

/// How an instance stands. Each list is in the order of the module's numbers.
pub(crate) struct State<'a> {
    pub(crate) memories: Vec<&'a [u8]>,
    pub(crate) tables: Vec<Vec<Item>>,
    /// Those that change, in the order of [`Source::globals`].
    pub(crate) globals: Vec<Global>,
    pub(crate) dropped_data: BTreeSet<u32>,
    pub(crate) dropped_elements: BTreeSet<u32>,
}

/// What an element of a table holds: a function of the module, or nothing.
pub(crate) type Item = Option<u32>;

/// What a global holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Global {
    /// A number or null.
    Value(Value),
    /// A reference to a function of the module.
    Function(u32),
}

impl Module {
    /// Writes the module as an instance of it stands, and admits it as this one was.
    ///
    /// # Errors
    /// Those of [`ModuleBuilder::build`](super::ModuleBuilder::build).
    pub(crate) fn with_state(&self, state: &State<'_>) -> Result<Self, Error> {
        let source = self.source();
        let source = source.expect("the state was read by what the source says");
        let writer = Writer {
            source,
            state,
            has_initialize: self.has_initialize(),
            elements: Elements::new(source, state),
            data: Data::new(source, state),
        };
        writer.must_fit()?;
        let wasm = writer.write().map_err(|error| Error::Engine {
            message: format!("a valid module could not be read again: {error}"),
        })?;
        Self::admitted(&wasm, &source.builder)
    }
}

struct Writer<'a> {
    source: &'a Source,
    state: &'a State<'a>,
    has_initialize: bool,
    elements: Elements<'a>,
    data: Data<'a>,
}

type Read<T> = Result<T, BinaryReaderError>;

impl Writer<'_> {
    /// Refuses what is larger than a module may be before it is written.
    fn must_fit(&self) -> Result<(), Error> {
        // Lengths have 32 bits in the format.
        const FORMAT_BYTES: u64 = u32::MAX as u64;

        let least = self.data.least_bytes();
        let most = len(&self.source.wasm)
            .saturating_add(self.data.most_bytes())
            .saturating_add(self.elements.most_bytes());
        allow(
            "module_bytes",
            self.source.builder.limits.module_bytes,
            least,
        )?;
        allow("module_bytes", FORMAT_BYTES, most)
    }

    fn write(&self) -> Read<Vec<u8>> {
        let original = &self.source.wasm;
        let mut wasm = Vec::with_capacity(original.len());
        wasm.extend_from_slice(section::header(original));
        let mut missing = [section::ELEMENT, section::DATA].into_iter().peekable();
        for section in section::sections(original) {
            let section = section?;
            let place = section::place(section.id);
            while let Some(id) = missing.next_if(|id| section::place(*id) < place) {
                self.write_segments(id, None, &mut wasm)?;
            }
            missing.next_if_eq(&section.id);
            self.write_section(&section, &mut wasm)?;
        }
        for id in missing {
            self.write_segments(id, None, &mut wasm)?;
        }
        Ok(wasm)
    }

    fn write_section(&self, section: &Section<'_>, wasm: &mut Vec<u8>) -> Read<()> {
        let reader = || BinaryReader::new(section.content, section.content_start);
        match section.id {
            section::TABLE => sizes::write_tables(reader(), &self.state.tables, wasm),
            section::MEMORY => sizes::write_memories(reader(), &self.state.memories, wasm),
            section::GLOBAL => self.write_globals(section, wasm),
            section::EXPORT if self.has_initialize => self.write_exports(section, wasm),
            section::START => Ok(()),
            section::ELEMENT | section::DATA => {
                self.write_segments(section.id, Some(section), wasm)
            }
            section::DATA_COUNT => {
                let mut count = Vec::new();
                section::write_u32(&mut count, self.data.count());
                wasm.push(section.id);
                section::write_len(wasm, &count);
                wasm.extend_from_slice(&count);
                Ok(())
            }
            _ => {
                wasm.extend_from_slice(section.whole);
                Ok(())
            }
        }
    }

    /// Writes element or data segments, with those that there were or without any.
    fn write_segments(
        &self,
        id: u8,
        section: Option<&Section<'_>>,
        wasm: &mut Vec<u8>,
    ) -> Read<()> {
        let reader = section.map(|of| BinaryReader::new(of.content, of.content_start));
        let (count, parts) = if id == section::DATA {
            (self.data.count(), self.data.write(reader)?)
        } else {
            (self.elements.count(), self.elements.write(reader)?)
        };
        if count > 0 {
            section::write_vector(wasm, id, count, &parts);
        }
        Ok(())
    }

    /// Writes the globals that change with what they hold, and the others as they are.
    fn write_globals(&self, section: &Section<'_>, wasm: &mut Vec<u8>) -> Read<()> {
        const MUTABLE: u8 = 1;

        let mut reader = BinaryReader::new(section.content, section.content_start);
        let count = GlobalSectionReader::new(reader.clone())?.count();
        reader.read_var_u32()?;
        let mut values = self.state.globals.iter();
        let mut parts = Vec::new();
        for _ in 0..count {
            let start = reader.original_position();
            let global: wasmparser::Global<'_> = reader.read()?;
            let whole = start..reader.original_position();
            if !global.ty.mutable {
                parts.push(Cow::Borrowed(
                    self.source.wasm.get(whole).unwrap_or_default(),
                ));
                continue;
            }
            let value = values.next();
            let value = value.expect("the state has all globals that change");
            let mut written = Vec::from([value.type_byte(), MUTABLE]);
            value.write(&mut written);
            parts.push(Cow::Owned(written));
        }
        section::write_vector(wasm, section.id, count, &parts);
        Ok(())
    }

    /// Writes all exports but `_initialize`.
    fn write_exports(&self, section: &Section<'_>, wasm: &mut Vec<u8>) -> Read<()> {
        let mut reader = BinaryReader::new(section.content, section.content_start);
        let count = ExportSectionReader::new(reader.clone())?.count();
        reader.read_var_u32()?;
        let mut parts = Vec::new();
        for _ in 0..count {
            let start = reader.original_position();
            let export: wasmparser::Export<'_> = reader.read()?;
            if export.name != protocol::INITIALIZE_EXPORT {
                let whole = start..reader.original_position();
                parts.push(self.source.wasm.get(whole).unwrap_or_default());
            }
        }
        let count = u32::try_from(parts.len()).unwrap_or(u32::MAX);
        section::write_vector(wasm, section.id, count, &parts);
        Ok(())
    }
}

impl Global {
    /// The type, as the binary format numbers it.
    fn type_byte(self) -> u8 {
        match self {
            Self::Value(Value::I32(_)) => 0x7f,
            Self::Value(Value::I64(_)) => 0x7e,
            Self::Value(Value::F32(_)) => 0x7d,
            Self::Value(Value::F64(_)) => 0x7c,
            Self::Value(Value::V128(_)) => 0x7b,
            Self::Value(Value::FuncRef(_)) | Self::Function(_) => FUNCREF,
            Self::Value(Value::ExternRef(_)) => EXTERNREF,
        }
    }

    /// Writes the constant expression that gives it.
    fn write(self, wasm: &mut Vec<u8>) {
        match self {
            Self::Value(Value::I32(value)) => {
                write_constant(wasm, i64::from(value).cast_unsigned(), false);
                return;
            }
            Self::Value(Value::I64(value)) => {
                write_constant(wasm, value.cast_unsigned(), true);
                return;
            }
            Self::Value(Value::F32(value)) => {
                wasm.push(0x43);
                wasm.extend_from_slice(&value.to_bits().to_le_bytes());
            }
            Self::Value(Value::F64(value)) => {
                wasm.push(0x44);
                wasm.extend_from_slice(&value.to_bits().to_le_bytes());
            }
            Self::Value(Value::V128(value)) => {
                wasm.extend_from_slice(&[0xfd, 0x0c]);
                wasm.extend_from_slice(&value.to_le_bytes());
            }
            Self::Value(Value::FuncRef(_) | Value::ExternRef(_)) => {
                wasm.extend_from_slice(&[REF_NULL, self.type_byte()]);
            }
            Self::Function(function) => {
                wasm.push(REF_FUNC);
                section::write_u32(wasm, function);
            }
        }
        wasm.push(END);
    }
}

// Types and opcodes, as the binary format numbers them.

/// Writes a constant expression of one number.
fn write_constant(wasm: &mut Vec<u8>, bits: u64, is_64: bool) {
    wasm.push(if is_64 { I64_CONST } else { I32_CONST });
    section::write_constant(wasm, bits, is_64);
    wasm.push(END);
}
