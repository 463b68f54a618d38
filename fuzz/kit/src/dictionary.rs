//! A dictionary: short pieces of input that a guest has looked for.

use crate::{guest::Compare, random::Random};
use std::collections::BTreeSet;

/// Short pieces of input that a guest has looked for, at most 512: a [`Search`](crate::Search) has one of its own.
///
/// ```
/// use fuelbox_fuzz::{Compare, Dictionary};
///
/// let mut dictionary = Dictionary::default();
/// dictionary.add(&[Compare::new(0, 7, 0x2b7e, 32)]); // Whatever a byte holds is tried at random soon enough.
/// assert_eq!(dictionary.words().collect::<Vec<_>>(), [[0x2b, 0x7e], [0x7e, 0x2b]]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    words: Vec<Vec<u8>>,
    known: BTreeSet<Vec<u8>>,
}

impl Dictionary {
    /// Adds the numbers that were compared, as bytes in either order.
    pub fn add(&mut self, compares: &[Compare]) {
        for compare in compares {
            for number in [compare.left, compare.right] {
                self.add_number(number, compare.bits);
            }
        }
    }

    /// The pieces, in the order in which they were added.
    pub fn words(&self) -> impl Iterator<Item = &[u8]> {
        self.words.iter().map(Vec::as_slice)
    }

    /// Adds a word. Beyond [`MOST`] none is added.
    pub(crate) fn add_word(&mut self, word: Vec<u8>) {
        if self.words.len() < MOST && !word.is_empty() && self.known.insert(word.clone()) {
            self.words.push(word);
        }
    }

    pub(crate) fn word(&self, random: &mut Random) -> Option<&[u8]> {
        random.one_of(&self.words).map(Vec::as_slice)
    }

    fn add_number(&mut self, number: u64, bits: u32) {
        /// Any byte is tried at random soon enough.
        const SMALL: u64 = 1 << 8;

        if number < SMALL {
            return;
        }
        let bytes = number.to_le_bytes();
        let len = if bits > 32 && number > u32::MAX.into() {
            8
        } else if number > u16::MAX.into() {
            4
        } else {
            2
        };
        let word = bytes.get(..len).unwrap_or_default().to_vec();
        self.add_word(word.iter().rev().copied().collect());
        self.add_word(word);
    }
}

/// The most words.
const MOST: usize = 512;
