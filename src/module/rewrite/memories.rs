//! The memories that a module defines, imported instead, so that the instance gets them from us.
//!
//! They come after all that it imports, in their order. So each memory keeps its number, and so does all else: what
//! is imported is numbered by its kind. Nothing else of the module changes, and no import of it shows.

use crate::module::section;
use alloc::vec::Vec;
use wasmparser::{BinaryReader, BinaryReaderError, FromReader as _, MemoryType};

/// Whether there is anything here to lend memories from.
pub(crate) const CAN_LEND: bool = cfg!(all(
    feature = "lent-memory",
    unix,
    target_pointer_width = "64"
));

/// What a module gets in place of its memories.
#[derive(Default)]
pub(super) struct Memories {
    count: u32,
    imports: Vec<u8>,
}

impl Memories {
    /// Those of a valid module.
    ///
    /// # Errors
    /// The parser's, which a valid module does not cause.
    pub(super) fn of(wasm: &[u8]) -> Result<Self, BinaryReaderError> {
        for section in section::sections(wasm) {
            let section = section?;
            if section.id == section::MEMORY {
                return Self::read(section.content);
            }
        }
        Ok(Self::default())
    }

    fn read(content: &[u8]) -> Result<Self, BinaryReaderError> {
        let mut reader = BinaryReader::new(content, 0);
        let count = reader.read_var_u32()?;
        let mut imports = Vec::new();
        while !reader.eof() {
            let start = reader.original_position();
            MemoryType::from_reader(&mut reader)?;
            let ty = content.get(start..reader.original_position());
            // Nobody looks for it by its name: the last memories are those that were added.
            for name in [MODULE, NAME] {
                section::write_len(&mut imports, name.as_bytes());
                imports.extend_from_slice(name.as_bytes());
            }
            imports.push(MEMORY);
            imports.extend_from_slice(ty.unwrap_or_default());
        }
        Ok(Self { count, imports })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// The imports, as entries of a section, and how many.
    pub(super) fn entries(&self) -> (u32, Vec<u8>) {
        (self.count, self.imports.clone())
    }
}

const MODULE: &str = "fuelbox";
const NAME: &str = "memory";
/// Kind of an import that is a memory.
const MEMORY: u8 = 2;
