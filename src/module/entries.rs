//! The number of entries in each section of a module.

use super::weight::{allow, count, len};
use crate::{error::Error, module_limits::ModuleLimits};
use alloc::format;
use wasmparser::Payload;

/// Bounds how many entries a section has, before any of them is read.
pub(super) fn bound(payload: &Payload<'_>, limits: &ModuleLimits) -> Result<(), Error> {
    let (limit, allowed, found, range) = match payload {
        Payload::TypeSection(of) => ("types", limits.types, of.count(), of.range()),
        Payload::ImportSection(of) => ("imports", limits.imports, of.count(), of.range()),
        Payload::FunctionSection(of) => ("functions", limits.functions, of.count(), of.range()),
        Payload::TableSection(of) => ("tables", limits.tables, of.count(), of.range()),
        Payload::MemorySection(of) => ("memories", limits.memories, of.count(), of.range()),
        Payload::GlobalSection(of) => ("globals", limits.globals, of.count(), of.range()),
        Payload::ExportSection(of) => ("exports", limits.exports, of.count(), of.range()),
        Payload::ElementSection(of) => {
            let allowed = limits.element_segments;
            ("element_segments", allowed, of.count(), of.range())
        }
        Payload::DataSection(of) => (
            "data_segments",
            limits.data_segments,
            of.count(),
            of.range(),
        ),
        Payload::CodeSectionStart { count, range, .. } => {
            ("functions", limits.functions, *count, range.clone())
        }
        Payload::DataCountSection { count, .. } => {
            return allow("data_segments", limits.data_segments, u64::from(*count));
        }
        Payload::CodeSectionEntry(body) => {
            let found = len(body.as_bytes());
            return allow("function_bytes", limits.function_bytes, found);
        }
        _ => return Ok(()),
    };
    allow(limit, allowed, u64::from(found))?;
    // Each takes a byte at least, and the validator makes room for all that are claimed.
    if u64::from(found) > count(range.len()) {
        return Err(Error::InvalidModule {
            offset: count(range.start),
            message: format!("a section of {} bytes has no {found} entries", range.len()),
            function: None,
        });
    }
    Ok(())
}
