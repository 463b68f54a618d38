//! Growing a memory to 4 GiB or more.
//!
//! On a host of 32 bits wasmi 2.0.0 answers such a growth with -1, and does not ask whether the guest may
//! have it: no denial would be counted, and no run stopped, as they are elsewhere. So what is asked for
//! there is one page less than 4 GiB. No such host can give that either, but it asks.

use crate::module::{
    opcode::{I32_AND, LOCAL_GET, LOCAL_SET, MEMORY_SIZE, SELECT},
    section,
};
use alloc::vec::Vec;

/// How far a memory may be grown, in pages, where that is to 4 GiB or more.
pub(super) struct Reach {
    /// As far as this host can ask.
    asked: u64,
    /// As far as its type allows.
    allowed: u64,
    is_64: bool,
}

impl Reach {
    /// That of a memory; `None` where every host can ask for all of it.
    pub(super) fn of(memory: &wasmparser::MemoryType) -> Option<Self> {
        let page_log2 = memory.page_size_log2.unwrap_or(PAGE_LOG2);
        let most_bytes = if memory.memory64 { u64::MAX } else { 1 << 32 };
        let most = most_bytes.checked_shr(page_log2)?;
        let allowed = memory.maximum.unwrap_or(most).min(most);
        let countable = u64::from(u32::MAX).checked_shr(page_log2)?;
        (allowed > countable).then_some(Self {
            asked: if cfg!(target_pointer_width = "64") {
                allowed
            } else {
                countable
            },
            allowed,
            is_64: memory.memory64,
        })
    }

    /// Appends code that takes the growth in the first local down to what can be asked for. It is the
    /// same on every host, but for one number, and so takes the same fuel.
    pub(super) fn write(&self, memory: u32, body: &mut Vec<u8>) {
        let [constant, greater, at_most, minus] = if self.is_64 {
            [0x42, 0x56, 0x58, 0x7d]
        } else {
            [0x41, 0x4b, 0x4d, 0x6b]
        };
        // What is left between the present size and `pages`.
        let left = |body: &mut Vec<u8>, pages: u64| {
            body.push(constant);
            section::write_constant(body, pages, self.is_64);
            body.push(MEMORY_SIZE);
            section::write_u32(body, memory);
            body.push(minus);
        };
        left(body, self.asked);
        body.extend_from_slice(&[LOCAL_GET, 0, LOCAL_GET, 0]);
        left(body, self.asked);
        body.extend_from_slice(&[greater, LOCAL_GET, 0]);
        left(body, self.allowed);
        body.extend_from_slice(&[at_most, I32_AND, SELECT, LOCAL_SET, 0]);
    }
}

/// Binary logarithm of the size of a page unless the module says otherwise.
const PAGE_LOG2: u32 = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(
        memory64: bool,
        maximum: Option<u64>,
        page_size_log2: Option<u32>,
    ) -> Option<(u64, u64)> {
        let memory = wasmparser::MemoryType {
            memory64,
            shared: false,
            initial: 0,
            maximum,
            page_size_log2,
        };
        Reach::of(&memory).map(|reach| (reach.asked, reach.allowed))
    }

    /// What this host asks for, where it may be `wide` and no more than `narrow` with 32 bits.
    fn asked(narrow: u64, wide: u64) -> Option<(u64, u64)> {
        let asked = if usize::BITS == 32 { narrow } else { wide };
        Some((asked, wide))
    }

    #[test]
    fn only_what_32_bits_cannot_count_is_out_of_reach() {
        assert_eq!(reach(false, Some(65_535), None), None);
        assert_eq!(reach(true, Some(65_535), None), None);
        assert_eq!(reach(false, Some(65_536), None), asked(65_535, 65_536));
        assert_eq!(reach(false, None, None), asked(65_535, 65_536));
        assert_eq!(reach(true, Some(65_536), None), asked(65_535, 65_536));
        assert_eq!(reach(true, None, None), asked(65_535, (1 << 48) - 1));
        let bytes = u64::from(u32::MAX);
        assert_eq!(reach(false, Some(bytes), Some(0)), None);
        assert_eq!(reach(false, None, Some(0)), asked(bytes, 1 << 32));
        assert_eq!(reach(true, None, Some(0)), asked(bytes, u64::MAX));
    }
}
