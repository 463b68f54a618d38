//! Lengths in a module that lead beyond an address space of 32 bits.
//!
//! wasmparser 0.228 adds each length that a module claims to the place where it stands before it looks
//! whether there is as much. On a host of 32 bits the sum may overflow, and the parser panics on bytes of a
//! stranger. Every such length is a lie; 2 GiB less is one too, since no slice is that long there. So it
//! is told that, and says what it says elsewhere.

use super::weight::{count, len};
use crate::module_limits::ModuleLimits;
use alloc::{borrow::Cow, vec::Vec};
use wasmparser::{BinaryReader, BinaryReaderError, ConstExpr};

/// `wasm` with lengths that this host can add, however far they lead; what else is wrong stays.
pub(super) fn countable<'a>(wasm: &'a [u8], limits: &ModuleLimits) -> Cow<'a, [u8]> {
    if cfg!(target_pointer_width = "64") || len(wasm) > limits.module_bytes {
        return Cow::Borrowed(wasm);
    }
    shortened(wasm)
}

fn shortened(wasm: &[u8]) -> Cow<'_, [u8]> {
    /// The highest of 32 bits is one of the four in the fifth byte of LEB128.
    const BELOW_2_GIB: u8 = 0b111;

    let mut lies = Lies {
        wasm,
        last_bytes: Vec::new(),
    };
    // What cannot be read is left to the parser, which says why.
    lies.find().unwrap_or_default();
    if lies.last_bytes.is_empty() {
        return Cow::Borrowed(wasm);
    }
    let mut shortened = wasm.to_vec();
    for at in lies.last_bytes {
        if let Some(byte) = shortened.get_mut(at) {
            *byte &= BELOW_2_GIB;
        }
    }
    Cow::Owned(shortened)
}

/// The lengths that are too large, as they are found: those of sections, bodies and data.
struct Lies<'a> {
    wasm: &'a [u8],
    /// Where the last byte of each stands.
    last_bytes: Vec<usize>,
}

type Read<T> = Result<T, BinaryReaderError>;

impl<'a> Lies<'a> {
    fn find(&mut self) -> Read<()> {
        const HEADER_BYTES: usize = 8;
        const CODE: u8 = 10;
        const DATA: u8 = 11;

        let mut reader = self.reader(HEADER_BYTES, self.wasm.len());
        while !reader.eof() {
            let id = reader.read_u8()?;
            let end = self.end(&mut reader)?;
            let start = reader.original_position();
            let found = match id {
                // The parser holds bodies against the end of their section only once it has read them.
                CODE => self.find_in_code(self.reader(start, self.wasm.len()), end),
                DATA => self.find_in_data(self.reader(start, end)),
                _ => Ok(()),
            };
            // What cannot be read is the end of its section, and the next may be read all the same.
            found.unwrap_or_default();
            reader = self.reader(end, self.wasm.len());
        }
        Ok(())
    }

    fn find_in_code(&mut self, mut reader: BinaryReader<'a>, end: usize) -> Read<()> {
        let count = reader.read_var_u32()?;
        for _ in 0..count {
            let end_of_body = self.end(&mut reader)?;
            if end_of_body > end {
                break;
            }
            reader = self.reader(end_of_body, self.wasm.len());
        }
        Ok(())
    }

    fn find_in_data(&mut self, mut reader: BinaryReader<'a>) -> Read<()> {
        const PASSIVE: u32 = 1;
        const WITH_MEMORY: u32 = 2;

        let count = reader.read_var_u32()?;
        for _ in 0..count {
            let flags = reader.read_var_u32()?;
            if flags == WITH_MEMORY {
                reader.read_var_u32()?;
            }
            if flags != PASSIVE {
                reader.read::<ConstExpr<'_>>()?;
            }
            let end = self.end(&mut reader)?;
            let left = end.saturating_sub(reader.original_position());
            reader.read_bytes(left.min(reader.bytes_remaining()))?;
        }
        Ok(())
    }

    /// Reads a length; returns where what it is the length of ends.
    fn end(&mut self, reader: &mut BinaryReader<'a>) -> Read<usize> {
        let len = u64::from(reader.read_var_u32()?);
        let start = reader.original_position();
        let end = count(start).saturating_add(len);
        if u32::try_from(end).is_err() {
            self.last_bytes.push(start.saturating_sub(1));
        }
        Ok(usize::try_from(end).unwrap_or(usize::MAX))
    }

    fn reader(&self, start: usize, end: usize) -> BinaryReader<'a> {
        let end = end.min(self.wasm.len());
        BinaryReader::new(self.wasm.get(start..end).unwrap_or_default(), start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::Module;
    use alloc::vec;

    const HEADER: &[u8] = b"\0asm\x01\0\0\0";
    /// 2^32 - 1 in LEB128, and what it becomes.
    const MOST: [u8; 5] = [0xff, 0xff, 0xff, 0xff, 0x0f];
    const LESS: [u8; 5] = [0xff, 0xff, 0xff, 0xff, 0x07];

    /// A module in which a length is claimed: of sections, of bodies, of data after an offset.
    fn claiming(len: [u8; 5]) -> Vec<Vec<u8>> {
        let of = |before: &[u8], after: &[u8]| [HEADER, before, &len, after].concat();
        vec![
            of(&[1], &[]),
            of(&[0], b"\x04name"),
            of(&[12], &[1]),
            of(&[10], &[1, 2, 0, 0x0b]),
            of(&[1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 8, 1], &[0, 0x0b]),
            // The length goes on in the section that follows.
            of(&[1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 3, 1], &[0, 0x0b]),
            of(&[5, 3, 1, 0, 1, 11, 10, 1, 0, 0x41, 0, 0x0b], b"x"),
            of(&[5, 3, 1, 0, 1, 11, 7, 1, 1], &[0]),
            // Two lies, of which the second comes to light first.
            of(
                &[5, 3, 1, 0, 1, 11, 7, 1, 1, 0xff, 0xff, 0xff, 0xff, 0x0f, 1],
                &[],
            ),
        ]
    }

    #[test]
    fn what_leads_past_32_bits_leads_2_gib_less_far_and_is_refused_for_the_same_reason() {
        for (lie, less) in claiming(MOST).iter().zip(claiming(LESS)) {
            let shortened = shortened(lie);
            let bits = |wasm: &[u8]| wasm.iter().map(|byte| byte.count_ones()).sum::<u32>();
            assert!(bits(&shortened) <= bits(&less), "{lie:x?}");
            let error = |wasm: &[u8]| Module::new(wasm).expect_err("it is a lie");
            assert_eq!(error(&shortened), error(lie), "{lie:x?}");
            assert_eq!(super::shortened(&shortened), shortened, "{lie:x?}");
        }
    }

    #[test]
    fn what_does_not_lead_past_32_bits_stays() {
        for wasm in claiming(LESS).iter().take(8) {
            assert!(matches!(shortened(wasm), Cow::Borrowed(_)), "{wasm:x?}");
        }
        let whole = include_bytes!("../instance/dispatch.wasm");
        assert!(matches!(shortened(whole), Cow::Borrowed(_)));
    }
}
