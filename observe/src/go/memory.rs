//! What a module puts into its memory before it runs.

use wasmparser::{Data, DataKind, Operator};

/// The data segments of the first memory. What is in none of them is zero.
pub(super) struct Memory<'a> {
    /// By address; none reaches into the next.
    segments: Vec<(u64, &'a [u8])>,
}

/// How many bytes a word has.
const WORD_BYTES: u64 = 8;

impl<'a> Memory<'a> {
    /// That of a module's segments. None where there are none, or where they overlap, which those of Go do not.
    pub(super) fn new(segments: impl Iterator<Item = Data<'a>>) -> Option<Self> {
        let mut segments: Vec<_> = segments.filter_map(|data| placed(&data)).collect();
        segments.sort_by_key(|(address, _)| *address);
        let is_apart = |pair: &[(u64, &[u8])]| match pair {
            [first, second] => end(*first) <= second.0,
            _ => true,
        };
        (!segments.is_empty() && segments.windows(2).all(is_apart)).then_some(Self { segments })
    }

    /// All words that begin at a multiple of their size and that a segment has bytes of, each with its address.
    pub(super) fn words(&self) -> impl Iterator<Item = (u64, u64)> {
        self.segments.iter().flat_map(|&(address, data)| {
            let before = address.checked_rem(WORD_BYTES).unwrap_or(0);
            let missing = WORD_BYTES.saturating_sub(before);
            let missing = usize::try_from(missing).unwrap_or(usize::MAX);
            // Zeros at the start of a word may have been left out.
            let (head, rest) = data.split_at(missing.min(data.len()));
            let padding = usize::try_from(before).unwrap_or(usize::MAX);
            let head = std::iter::once(word(head, padding));
            let rest = rest.chunks(8).map(|chunk| word(chunk, 0));
            let addresses = (address.saturating_sub(before)..).step_by(8);
            addresses.zip(head.chain(rest))
        })
    }

    /// The word at an address.
    pub(super) fn word(&self, address: u64) -> u64 {
        let mut bytes = [0; 8];
        self.read(address, &mut bytes);
        u64::from_le_bytes(bytes)
    }

    /// The bytes from an address on.
    pub(super) fn read(&self, address: u64, bytes: &mut [u8]) {
        bytes.fill(0);
        let first = self
            .segments
            .partition_point(|segment| end(*segment) <= address);
        for &(start, data) in self.segments.get(first..).unwrap_or_default() {
            let skipped = usize::try_from(address.saturating_sub(start)).unwrap_or(usize::MAX);
            let behind = usize::try_from(start.saturating_sub(address)).unwrap_or(usize::MAX);
            let Some(places) = bytes.get_mut(behind..).filter(|places| !places.is_empty()) else {
                break;
            };
            let found = data.get(skipped..).unwrap_or_default();
            for (place, byte) in places.iter_mut().zip(found) {
                *place = *byte;
            }
        }
    }
}

/// Where a segment lies, and its bytes.
fn placed<'a>(data: &Data<'a>) -> Option<(u64, &'a [u8])> {
    let DataKind::Active {
        memory_index: 0,
        offset_expr,
    } = &data.kind
    else {
        return None;
    };
    match offset_expr.get_operators_reader().read().ok()? {
        Operator::I32Const { value } => Some((value.cast_unsigned().into(), data.data)),
        _ => None,
    }
}

/// Where a segment ends.
fn end((address, data): (u64, &[u8])) -> u64 {
    address.saturating_add(u64::try_from(data.len()).unwrap_or(u64::MAX))
}

/// A word of up to eight bytes, behind so many that are zero.
fn word(bytes: &[u8], zeros: usize) -> u64 {
    let mut word = [0; 8];
    let places = word.iter_mut().skip(zeros);
    for (place, byte) in places.zip(bytes) {
        *place = *byte;
    }
    u64::from_le_bytes(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory<'a>(segments: &[(u64, &'a [u8])]) -> Memory<'a> {
        Memory {
            segments: segments.to_vec(),
        }
    }

    #[test]
    fn what_is_between_segments_is_zero() {
        let memory = memory(&[(4, &[1, 2]), (8, &[3]), (20, &[4])]);
        let mut bytes = [9; 8];
        memory.read(3, &mut bytes);
        assert_eq!(bytes, [0, 1, 2, 0, 0, 3, 0, 0]);
        memory.read(5, &mut bytes);
        assert_eq!(bytes, [2, 0, 0, 3, 0, 0, 0, 0]);
        assert_eq!(memory.word(u64::MAX), 0);
    }

    #[test]
    fn words_have_the_zeros_before_a_segment() {
        let memory = memory(&[(3, &[1, 0, 0, 0, 0, 2, 3]), (24, &[4])]);
        let words: Vec<_> = memory.words().collect();
        assert_eq!(words, [(0, 1 << 24), (8, 0x0302), (24, 4)]);
        assert_eq!(memory.word(8), 0x0302);
    }
}
