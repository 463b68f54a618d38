//! Sections of a valid module, read and written.

use alloc::vec::Vec;
use wasmparser::{BinaryReader, BinaryReaderError};

// Ids of sections, as the specification numbers them.
pub(in crate::module) const CUSTOM: u8 = 0;
pub(in crate::module) const TYPE: u8 = 1;
pub(in crate::module) const IMPORT: u8 = 2;
pub(in crate::module) const FUNCTION: u8 = 3;
pub(in crate::module) const TABLE: u8 = 4;
pub(in crate::module) const MEMORY: u8 = 5;
pub(in crate::module) const GLOBAL: u8 = 6;
pub(in crate::module) const EXPORT: u8 = 7;
pub(in crate::module) const START: u8 = 8;
pub(in crate::module) const ELEMENT: u8 = 9;
pub(in crate::module) const CODE: u8 = 10;
pub(in crate::module) const DATA: u8 = 11;
pub(in crate::module) const DATA_COUNT: u8 = 12;

/// The order in which sections stand; custom ones stand anywhere, and come after none.
pub(in crate::module) fn place(id: u8) -> Option<usize> {
    const ORDER: [u8; 12] = [
        TYPE, IMPORT, FUNCTION, TABLE, MEMORY, GLOBAL, EXPORT, START, ELEMENT, DATA_COUNT, CODE,
        DATA,
    ];
    ORDER.iter().position(|other| *other == id)
}

/// Length of magic and version.
const HEADER_BYTES: usize = 8;

pub(in crate::module) struct Section<'a> {
    pub(in crate::module) id: u8,
    /// Id, length and content.
    pub(in crate::module) whole: &'a [u8],
    pub(in crate::module) content: &'a [u8],
    /// Where the content begins in the module.
    pub(in crate::module) content_start: usize,
}

/// Magic and version.
pub(in crate::module) fn header(wasm: &[u8]) -> &[u8] {
    wasm.get(..HEADER_BYTES).unwrap_or(wasm)
}

/// The sections of a module, custom ones included.
pub(in crate::module) fn sections(
    wasm: &[u8],
) -> impl Iterator<Item = Result<Section<'_>, BinaryReaderError>> {
    let mut reader = BinaryReader::new(wasm.get(HEADER_BYTES..).unwrap_or_default(), HEADER_BYTES);
    core::iter::from_fn(move || (!reader.eof()).then(|| read(wasm, &mut reader)))
}

fn read<'a>(
    wasm: &'a [u8],
    reader: &mut BinaryReader<'a>,
) -> Result<Section<'a>, BinaryReaderError> {
    let start = reader.original_position();
    let id = reader.read_u8()?;
    let len = reader.read_var_u32()?;
    let content_start = reader.original_position();
    let content = reader.read_bytes(usize::try_from(len).unwrap_or(usize::MAX))?;
    let whole = wasm
        .get(start..reader.original_position())
        .unwrap_or_default();
    Ok(Section {
        id,
        whole,
        content,
        content_start,
    })
}

/// Splits the content of a section that is a vector into its count and its entries.
pub(in crate::module) fn read_vector(content: &[u8]) -> Result<(u32, &[u8]), BinaryReaderError> {
    let mut reader = BinaryReader::new(content, 0);
    let count = reader.read_var_u32()?;
    let entries = content
        .get(reader.original_position()..)
        .unwrap_or_default();
    Ok((count, entries))
}

/// Appends a section that is a vector of `count` entries, whose bytes are in `parts`.
pub(in crate::module) fn write_vector(
    wasm: &mut Vec<u8>,
    id: u8,
    count: u32,
    parts: &[impl AsRef<[u8]>],
) {
    /// A number of 32 bits takes no more.
    const NUMBER_BYTES: usize = 5;

    let mut number = Vec::with_capacity(NUMBER_BYTES);
    write_u32(&mut number, count);
    let lens = parts.iter().map(|part| part.as_ref().len());
    let len = lens.fold(number.len(), usize::saturating_add);
    wasm.push(id);
    write_usize(wasm, len);
    wasm.extend_from_slice(&number);
    for part in parts {
        wasm.extend_from_slice(part.as_ref());
    }
}

/// Appends the length of `bytes`.
pub(in crate::module) fn write_len(wasm: &mut Vec<u8>, bytes: &[u8]) {
    write_usize(wasm, bytes.len());
}

fn write_usize(wasm: &mut Vec<u8>, len: usize) {
    let len = u32::try_from(len).expect("a part of an admitted module is shorter than 4 GiB");
    write_u32(wasm, len);
}

/// Appends `value` as unsigned LEB128, the way the binary format writes numbers.
pub(in crate::module) fn write_u32(wasm: &mut Vec<u8>, value: u32) {
    write_u64(wasm, value.into());
}

/// The same for sizes that may have more than 32 bits.
pub(in crate::module) fn write_u64(wasm: &mut Vec<u8>, mut value: u64) {
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

/// Appends the bits of a constant of 64 or 32 bits as signed LEB128.
pub(in crate::module) fn write_constant(wasm: &mut Vec<u8>, bits: u64, is_64: bool) {
    const CONTINUES: u8 = 0x80;
    const SIGN: i64 = 0x40;
    let mut value = bits.cast_signed();
    if !is_64 {
        // The sign is that of the lower half.
        value = (value << 32) >> 32;
    }
    loop {
        let [low, ..] = value.to_le_bytes();
        let sign = value & SIGN != 0;
        value >>= 7;
        if value == if sign { -1 } else { 0 } {
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
    fn constants_are_written_with_their_sign() {
        for value in [
            0,
            63,
            64,
            65_535,
            65_536,
            1 << 31,
            u64::from(u32::MAX),
            1 << 48,
            u64::MAX,
        ] {
            let read = |is_64| {
                let mut bytes = Vec::new();
                write_constant(&mut bytes, value, is_64);
                let mut reader = BinaryReader::new(&bytes, 0);
                let read = if is_64 {
                    reader.read_var_i64().ok()
                } else {
                    reader.read_var_i32().ok().map(i64::from)
                };
                assert!(reader.eof(), "{value}");
                read
            };
            assert_eq!(read(true), Some(value.cast_signed()));
            let [a, b, c, d, ..] = value.to_le_bytes();
            assert_eq!(read(false), Some(i32::from_le_bytes([a, b, c, d]).into()));
        }
    }
}
