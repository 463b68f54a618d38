//! Lent memories: those that an instance gets from the host.

use crate::extern_type::MemoryType;
use alloc::boxed::Box;

/// A memory that an instance gets from us, though its module defines it: see `rewrite/memories.rs`.
#[derive(Clone, Copy)]
pub(crate) struct LentMemory {
    pub(crate) native: wasmi::MemoryType,
    pub(crate) ty: MemoryType,
}

impl LentMemory {
    /// The last `count` of the memories that `code` imports, in their order; `memories` are all that it has.
    pub(super) fn of(code: &wasmi::Module, memories: &[MemoryType], count: u32) -> Box<[Self]> {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let others = memories.len().saturating_sub(count);
        let natives = code.imports().filter_map(|import| match import.ty() {
            wasmi::ExternType::Memory(native) => Some(*native),
            _ => None,
        });
        natives
            .zip(memories)
            .skip(others)
            .map(|(native, ty)| Self { native, ty: *ty })
            .collect()
    }

    /// The most that its type lets it have in bytes, `u64::MAX` where that does not hold it.
    pub(crate) fn most_bytes(&self) -> u64 {
        const OF_32_BITS: u64 = 1 << 32;

        match self.ty.maximum_pages {
            Some(pages) => pages.saturating_mul(self.ty.page_bytes),
            None if self.native.is_64() => u64::MAX,
            None => OF_32_BITS,
        }
    }
}
