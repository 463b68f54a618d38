//! The sizes of memories and tables at the time of a snapshot.

use super::{EXTERNREF, FUNCREF, Item, Read};
use crate::module::{section, weight::len};
use alloc::vec::Vec;
use wasmparser::{BinaryReader, MemorySectionReader, TableSectionReader};

// Bits of the flags of limits.
const HAS_MAXIMUM: u8 = 1;
const IS_SHARED: u8 = 1 << 1;
const IS_64: u8 = 1 << 2;
const HAS_PAGE_SIZE: u8 = 1 << 3;

pub(super) fn write_memories(
    reader: BinaryReader<'_>,
    memories: &[&[u8]],
    wasm: &mut Vec<u8>,
) -> Read<()> {
    /// The default size of a page, as a power of two.
    const PAGE_LOG2: u32 = 16;

    let reader = MemorySectionReader::new(reader)?;
    let count = reader.count();
    let mut entries = Vec::new();
    for (memory, bytes) in reader.into_iter().zip(memories) {
        let memory = memory?;
        let page_log2 = memory.page_size_log2.unwrap_or(PAGE_LOG2);
        let pages = len(bytes).checked_shr(page_log2).unwrap_or(0);
        entries.push(
            flag(memory.maximum.is_some(), HAS_MAXIMUM)
                | flag(memory.shared, IS_SHARED)
                | flag(memory.memory64, IS_64)
                | flag(memory.page_size_log2.is_some(), HAS_PAGE_SIZE),
        );
        section::write_u64(&mut entries, pages);
        if let Some(maximum) = memory.maximum {
            section::write_u64(&mut entries, maximum);
        }
        if let Some(page_log2) = memory.page_size_log2 {
            section::write_u32(&mut entries, page_log2);
        }
    }
    section::write_vector(wasm, section::MEMORY, count, &[entries]);
    Ok(())
}

pub(super) fn write_tables(
    reader: BinaryReader<'_>,
    tables: &[Vec<Item>],
    wasm: &mut Vec<u8>,
) -> Read<()> {
    let reader = TableSectionReader::new(reader)?;
    let count = reader.count();
    let mut entries = Vec::new();
    for (table, items) in reader.into_iter().zip(tables) {
        let table = table?.ty;
        let element = if table.element_type.is_func_ref() {
            FUNCREF
        } else {
            EXTERNREF
        };
        let flags = flag(table.maximum.is_some(), HAS_MAXIMUM) | flag(table.table64, IS_64);
        entries.extend_from_slice(&[element, flags]);
        section::write_u64(&mut entries, u64::try_from(items.len()).unwrap_or(u64::MAX));
        if let Some(maximum) = table.maximum {
            section::write_u64(&mut entries, maximum);
        }
    }
    section::write_vector(wasm, section::TABLE, count, &[entries]);
    Ok(())
}

fn flag(is_set: bool, bit: u8) -> u8 {
    if is_set { bit } else { 0 }
}
