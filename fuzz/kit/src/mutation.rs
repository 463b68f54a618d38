//! Mutation: an input, changed at random.

use crate::{dictionary::Dictionary, random::Random};

/// Changes `input` at random, a few times, and keeps it as short as `most_bytes`. `other` is one to take parts of.
pub(crate) fn mutate(
    input: &mut Vec<u8>,
    other: &[u8],
    dictionary: &Dictionary,
    most_bytes: usize,
    random: &mut Random,
) {
    /// Two, four, eight or sixteen changes.
    const MOST_DOUBLINGS: usize = 4;

    let changes = 1 << random.below(MOST_DOUBLINGS.saturating_add(1));
    for _ in 0..changes {
        change(input, other, dictionary, random);
    }
    input.truncate(most_bytes);
}

fn change(input: &mut Vec<u8>, other: &[u8], dictionary: &Dictionary, random: &mut Random) {
    if input.is_empty() {
        input.extend(
            (0..=random.below(8))
                .map(|_| random.byte())
                .collect::<Vec<_>>(),
        );
        return;
    }
    let at = random.below(input.len());
    match random.below(12) {
        0 => with(input, at, |byte| byte ^ (1 << random.below(8))),
        1 => with(input, at, |_| random.byte()),
        2 => with(input, at, |_| {
            INTERESTING
                .get(random.below(INTERESTING.len()))
                .copied()
                .unwrap_or(0)
        }),
        3 => add_to_number(input, at, random),
        4 => insert(input, at, &repeated(random)),
        5 => remove(input, at, random),
        6 => repeat(input, at, random),
        7 => overwrite(input, at, part(other, random)),
        8 => insert(input, at, part(other, random)),
        9 => {
            let word = dictionary.word(random).unwrap_or_default();
            overwrite(input, at, word);
        }
        10 => {
            let word = dictionary.word(random).unwrap_or_default();
            insert(input, at, word);
        }
        _ => {
            // The first half of one and the second of the other.
            let from = random.below(other.len());
            input.truncate(at);
            input.extend_from_slice(other.get(from..).unwrap_or_default());
        }
    }
}

/// Bytes at which code often decides.
const INTERESTING: [u8; 12] = [0, 1, 7, 8, 16, 32, 64, 100, 127, 128, 254, 255];

fn with(input: &mut [u8], at: usize, change: impl FnOnce(u8) -> u8) {
    if let Some(byte) = input.get_mut(at) {
        *byte = change(*byte);
    }
}

/// Adds a small number to a number of one, two or four bytes, in either order.
fn add_to_number(input: &mut [u8], at: usize, random: &mut Random) {
    const MOST: usize = 35;

    let len = 1 << random.below(3);
    let is_big = random.one_in(2);
    let change = u32::try_from(random.below(MOST).saturating_add(1)).unwrap_or(1);
    let change = if random.one_in(2) {
        change
    } else {
        change.wrapping_neg()
    };
    let Some(bytes) = input.get_mut(at..at.saturating_add(len)) else {
        return;
    };
    if is_big {
        bytes.reverse();
    }
    let mut number = [0; 4];
    number
        .iter_mut()
        .zip(&*bytes)
        .for_each(|(to, from)| *to = *from);
    let number = u32::from_le_bytes(number)
        .wrapping_add(change)
        .to_le_bytes();
    bytes
        .iter_mut()
        .zip(number)
        .for_each(|(to, from)| *to = from);
    if is_big {
        bytes.reverse();
    }
}

/// A few bytes that are the same.
fn repeated(random: &mut Random) -> Vec<u8> {
    const MOST: usize = 32;

    let byte = random.byte();
    vec![byte; random.below(MOST).saturating_add(1)]
}

fn insert(input: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let at = at.min(input.len());
    input.splice(at..at, bytes.iter().copied());
}

fn remove(input: &mut Vec<u8>, at: usize, random: &mut Random) {
    let most = input.len().saturating_sub(at).min(64);
    let end = at
        .saturating_add(random.below(most))
        .saturating_add(1)
        .min(input.len());
    input.drain(at.min(end)..end);
}

/// Repeats a part of the input behind itself.
fn repeat(input: &mut Vec<u8>, at: usize, random: &mut Random) {
    let len = random
        .below(input.len().saturating_sub(at).min(64))
        .saturating_add(1);
    let end = at.saturating_add(len).min(input.len());
    let bytes = input.get(at..end).unwrap_or_default().to_vec();
    insert(input, end, &bytes);
}

fn overwrite(input: &mut [u8], at: usize, bytes: &[u8]) {
    let places = input.get_mut(at..).unwrap_or_default();
    places
        .iter_mut()
        .zip(bytes)
        .for_each(|(to, from)| *to = *from);
}

/// Some part of an input.
fn part<'a>(other: &'a [u8], random: &mut Random) -> &'a [u8] {
    let from = random.below(other.len());
    let most = other.len().saturating_sub(from).min(64);
    let end = from.saturating_add(random.below(most)).saturating_add(1);
    other.get(from..end.min(other.len())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_stay_within_their_length_and_become_others() {
        let (mut random, dictionary) = (Random::new(3), Dictionary::default());
        let mut different = 0;
        for number in 0..5_000_usize {
            let start = vec![b'x'; number % 20];
            let mut input = start.clone();
            mutate(&mut input, b"other", &dictionary, 25, &mut random);
            assert!(input.len() <= 25);
            different += usize::from(input != start);
        }
        assert!(different > 4_500, "{different}");
    }

    #[test]
    fn words_are_put_in() {
        let (mut random, mut dictionary) = (Random::new(3), Dictionary::default());
        dictionary.add_word(b"word".to_vec());
        let found = (0..500).any(|_| {
            let mut input = b"........".to_vec();
            mutate(&mut input, b"", &dictionary, 25, &mut random);
            input.windows(4).any(|part| part == b"word")
        });
        assert!(found);
    }
}
