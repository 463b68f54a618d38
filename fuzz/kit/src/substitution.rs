//! Substitution: an input in which a number stands that the guest compared, with the one it compared it to instead.
//!
//! So a guest that wants a magic number, a length or a checksum is given it, wherever in the input and in whichever
//! order of bytes it looks.

use crate::{guest::Compare, random::Random};
use std::{collections::BTreeSet, slice};

/// One input to try after one that led to these comparisons, of at most so many bytes: for mutators of other fuzzers.
///
/// Where a number that was compared stands in `input`, the other one is put there: as bytes in either order, as decimal
/// digits, or as a length with as many bytes behind it. The same seed picks the same one. `None` where sixteen
/// comparisons, picked at random, lead to nothing.
///
/// ```
/// use fuelbox_fuzz::{Compare, substitute};
///
/// let compared = [Compare::new(0, u32::from_le_bytes(*b"abcd").into(), 0x2179_7562, 32)];
/// let tried: Vec<_> = (0..100).filter_map(|seed| substitute(b"abcd!", &compared, 16, seed)).collect();
/// assert!(tried.contains(&b"buy!!".to_vec()));
/// assert_eq!(substitute(b"something else", &compared, 16, 1), None);
/// ```
#[must_use]
pub fn substitute(
    input: &[u8],
    compares: &[Compare],
    most_bytes: usize,
    seed: u64,
) -> Option<Vec<u8>> {
    const TRIES: usize = 16;

    let mut random = Random::new(seed);
    (0..TRIES).find_map(|_| {
        let compare = random.one_of(compares)?;
        let inputs = substitutions(input, slice::from_ref(compare), most_bytes);
        random.one_of(&inputs).cloned()
    })
}

/// The inputs to try after one that led to these comparisons.
pub(crate) fn substitutions(input: &[u8], compares: &[Compare], most_bytes: usize) -> Vec<Vec<u8>> {
    let mut tried = Tried {
        input,
        most_bytes,
        known: BTreeSet::new(),
        inputs: Vec::new(),
    };
    let mut known = BTreeSet::new();
    for compare in compares {
        let Compare {
            left, right, bits, ..
        } = *compare;
        if left == right || !known.insert((left, right, bits)) {
            continue;
        }
        for (from, to) in [(left, right), (right, left)] {
            tried.number(from, to, bits);
            tried.text(from, to);
            tried.length(from, to);
        }
    }
    tried.inputs
}

/// The most inputs to try after one.
const MOST: usize = 2_048;
/// The most places of one number that are tried.
const MOST_PLACES: usize = 8;

struct Tried<'a> {
    input: &'a [u8],
    most_bytes: usize,
    known: BTreeSet<Vec<u8>>,
    inputs: Vec<Vec<u8>>,
}

impl Tried<'_> {
    /// Puts one number in the place of another, in all lengths and both orders of bytes, and the ones beside it.
    fn number(&mut self, from: u64, to: u64, bits: u32) {
        let own: usize = if bits > 32 { 8 } else { 4 };
        for len in [8, 4, 2, 1] {
            // A number that was extended is shorter in the input, whether it has a sign or not.
            if len > own || !(fits(from, len, bits) && fits(to, len, bits)) {
                continue;
            }
            let behind = self.behind(from);
            let from = from.to_le_bytes();
            let from = from.get(..len).unwrap_or_default();
            let beside = [to, to.wrapping_add(1), to.wrapping_sub(1)];
            for is_big in [false, true] {
                if is_big && len == 1 {
                    continue;
                }
                let order = |bytes: &[u8]| -> Vec<u8> {
                    let mut bytes = bytes.to_vec();
                    if is_big {
                        bytes.reverse();
                    }
                    bytes
                };
                let from = order(from);
                for at in places(self.input, &from) {
                    for to in beside {
                        let bytes = to.to_le_bytes();
                        let bytes = order(bytes.get(..len).unwrap_or_default());
                        self.replace(at, &bytes);
                        if let Some(behind) = behind {
                            self.replace_length(at, &bytes, to.saturating_add(behind));
                        }
                        // It may say how many bytes follow, though it did not.
                        let end = u64::try_from(at.saturating_add(len)).unwrap_or(u64::MAX);
                        self.replace_length(at, &bytes, to.saturating_add(end));
                    }
                }
            }
        }
    }

    /// The same where it stands as text, in decimal digits.
    fn text(&mut self, from: u64, to: u64) {
        /// What is shorter is found at random, and stands everywhere.
        const LEAST_DIGITS: usize = 2;

        let (from, to) = (from.to_string(), to.to_string());
        if from.len() >= LEAST_DIGITS {
            for at in places(self.input, from.as_bytes()) {
                let mut input = self.input.to_vec();
                input.splice(at..at.saturating_add(from.len()), to.bytes());
                self.add(input);
            }
        }
    }

    /// Makes the input as long as it was asked to be, and a little longer or shorter.
    fn length(&mut self, from: u64, to: u64) {
        let len = u64::try_from(self.input.len()).unwrap_or(u64::MAX);
        if from != len {
            return;
        }
        for to in [to, to.wrapping_add(1), to.wrapping_sub(1)] {
            let Ok(len) = usize::try_from(to) else {
                continue;
            };
            if len <= self.most_bytes {
                let mut input = self.input.to_vec();
                input.resize(len, b'0');
                self.add(input);
            }
        }
    }

    /// How many bytes the input has beyond a number that may be the length of what follows it.
    fn behind(&self, number: u64) -> Option<u64> {
        /// The longest head of what has a length.
        const MOST: u64 = 16;

        let len = u64::try_from(self.input.len()).unwrap_or(u64::MAX);
        len.checked_sub(number).filter(|behind| *behind <= MOST)
    }

    fn replace(&mut self, at: usize, bytes: &[u8]) {
        let mut input = self.input.to_vec();
        put(&mut input, at, bytes);
        self.add(input);
    }

    /// Replaces a number that is a length, and makes the input as long as it says.
    fn replace_length(&mut self, at: usize, bytes: &[u8], len: u64) {
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        if len <= self.most_bytes {
            let mut input = self.input.to_vec();
            put(&mut input, at, bytes);
            input.resize(len, b'0');
            self.add(input);
        }
    }

    fn add(&mut self, input: Vec<u8>) {
        let has_room = self.inputs.len() < MOST && input.len() <= self.most_bytes;
        if has_room && input != self.input && self.known.insert(input.clone()) {
            self.inputs.push(input);
        }
    }
}

fn put(input: &mut [u8], at: usize, bytes: &[u8]) {
    let places = input.get_mut(at..).unwrap_or_default();
    places
        .iter_mut()
        .zip(bytes)
        .for_each(|(to, from)| *to = *from);
}

/// Whether a number of so many bits has a value in `len` bytes, with a sign or without.
fn fits(number: u64, len: usize, bits: u32) -> bool {
    let shift = 64_usize.saturating_sub(len.saturating_mul(8));
    let shift = u32::try_from(shift).unwrap_or(0);
    let unsigned = number.wrapping_shl(shift).wrapping_shr(shift) == number;
    // Numbers of 32 bits are told without their sign.
    let wide = if bits > 32 {
        number.cast_signed()
    } else {
        (number.cast_signed() << 32) >> 32
    };
    let signed = (wide << shift) >> shift == wide;
    unsigned || signed
}

/// Where `part` stands in `input`: the first places.
fn places(input: &[u8], part: &[u8]) -> Vec<usize> {
    let windows = input.windows(part.len().max(1)).enumerate();
    let found = windows.filter(|(_, window)| *window == part);
    found.map(|(at, _)| at).take(MOST_PLACES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(input: &[u8], left: u64, right: u64, bits: u32) -> Vec<Vec<u8>> {
        substitutions(input, &[Compare::new(0, left, right, bits)], 100)
    }

    #[test]
    fn a_number_is_found_in_either_order_and_replaced() {
        let input = b"..abcd..";
        let little = u64::from(u32::from_le_bytes(*b"abcd"));
        let big = u64::from(u32::from_be_bytes(*b"abcd"));
        let wanted = u64::from(u32::from_le_bytes(*b"WXYZ"));
        assert!(tried(input, little, wanted, 32).contains(&b"..WXYZ..".to_vec()));
        assert!(tried(input, wanted, little, 32).contains(&b"..WXYZ..".to_vec()));
        assert!(tried(input, big, wanted, 32).contains(&b"..ZYXW..".to_vec()));
    }

    #[test]
    fn numbers_with_a_sign_are_found_where_they_are_short() {
        // A byte of 0xff that was extended with its sign, and compared with minus two.
        assert!(tried(b"a\xffb", 0xffff_ffff, 0xffff_fffe, 32).contains(&b"a\xfeb".to_vec()));
        assert!(tried(b"a\xff\xff", u64::MAX, u64::MAX - 9, 64).contains(&b"a\xf6\xff".to_vec()));
    }

    #[test]
    fn digits_and_lengths_are_changed_too() {
        assert!(tried(b"n=12;", 12, 40_000, 32).contains(&b"n=40000;".to_vec()));
        assert!(tried(b"abc", 3, 6, 32).contains(&b"abc000".to_vec()));
        assert!(
            tried(b"abc", 3, 1_000, 32)
                .iter()
                .all(|input| input.len() <= 100)
        );
    }

    #[test]
    fn a_length_is_changed_with_what_has_it() {
        // Two bytes before the number, which says how many follow.
        assert!(tried(b"ab\x03xyz", 3, 5, 32).contains(&b"ab\x05xyz00".to_vec()));
        assert!(tried(b"ab\x03xyz", 3, 1, 32).contains(&b"ab\x01x".to_vec()));
    }

    #[test]
    fn a_number_that_is_no_length_becomes_one() {
        assert!(tried(b"Lw", 0x77, 3, 32).contains(&b"L\x03000".to_vec()));
    }

    #[test]
    fn no_comparison_makes_more_inputs_than_are_tried() {
        let input = vec![0; 90];
        let compares: Vec<_> = (0..5_000)
            .map(|number| Compare::new(0, 0, number, 64))
            .collect();
        assert_eq!(substitutions(&input, &compares, 100).len(), MOST);
    }
}
