//! A hash that nobody makes two modules for.

use core::fmt;

/// The SHA-256 of some bytes, as FIPS 180-4 defines it.
///
/// Here rather than from a package: the least one would bring seven others for these lines.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Digest([u8; 32]);

impl Digest {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut state = START;
        let (blocks, rest) = bytes.as_chunks::<64>();
        for block in blocks {
            compress(&mut state, block);
        }
        // What is left, a bit that is set, zeros, and the length in bits: one block or two.
        let mut tail = [0; 128];
        for (place, byte) in tail.iter_mut().zip(rest.iter().chain(&[0x80])) {
            *place = *byte;
        }
        let bits = u64::try_from(bytes.len())
            .unwrap_or(u64::MAX)
            .wrapping_mul(8);
        let (blocks, _) = tail.as_chunks_mut::<64>();
        let needed = if rest.len() < 56 { 1 } else { 2 };
        let blocks = blocks.get_mut(..needed).unwrap_or_default();
        let last = blocks.last_mut().and_then(|block| block.last_chunk_mut());
        if let Some(length) = last {
            *length = bits.to_be_bytes();
        }
        for block in blocks {
            compress(&mut state, block);
        }
        let mut digest = [0; 32];
        let (words, _) = digest.as_chunks_mut::<4>();
        for (bytes, word) in words.iter_mut().zip(state) {
            *bytes = word.to_be_bytes();
        }
        Self(digest)
    }
}

fn compress(state: &mut [u32; 8], block: &[u8; 64]) {
    let mut schedule = [0_u32; 16];
    for (word, bytes) in schedule.iter_mut().zip(block.as_chunks::<4>().0) {
        *word = u32::from_be_bytes(*bytes);
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    for rounds in ROUNDS.as_chunks::<16>().0 {
        for (round, word) in rounds.iter().zip(schedule) {
            let choice = (e & f) ^ (!e & g);
            let majority = (a & b) ^ (a & c) ^ (b & c);
            let first = h
                .wrapping_add(e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25))
                .wrapping_add(choice)
                .wrapping_add(*round)
                .wrapping_add(word);
            let second = (a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22))
                .wrapping_add(majority);
            (h, g, f, e) = (g, f, e, d.wrapping_add(first));
            (d, c, b, a) = (c, b, a, first.wrapping_add(second));
        }
        extend(&mut schedule);
    }
    for (word, more) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *word = word.wrapping_add(more);
    }
}

/// The next sixteen words of the schedule.
fn extend(schedule: &mut [u32; 16]) {
    for _ in 0..16 {
        let [w0, w1, .., w14, _] = *schedule;
        let w9 = schedule.get(9).copied().unwrap_or_default();
        let small0 = w1.rotate_right(7) ^ w1.rotate_right(18) ^ (w1 >> 3);
        let small1 = w14.rotate_right(17) ^ w14.rotate_right(19) ^ (w14 >> 10);
        let next = w0
            .wrapping_add(small0)
            .wrapping_add(w9)
            .wrapping_add(small1);
        schedule.rotate_left(1);
        if let Some(last) = schedule.last_mut() {
            *last = next;
        }
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The square roots of the first eight primes: 32 bits behind the point.
const START: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// The cube roots of the first 64 primes: 32 bits behind the point.
#[rustfmt::skip]
const ROUNDS: [u32; 64] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
];

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, vec};

    #[test]
    fn the_digests_are_those_of_the_standard() {
        let shown = |bytes: &[u8]| format!("{:?}", Digest::of(bytes));
        assert_eq!(
            shown(b""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(
            shown(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        let two_blocks = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        assert_eq!(
            shown(two_blocks),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        );
        assert_eq!(
            shown(&vec![b'a'; 1_000_000]),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        );
    }

    #[test]
    fn every_length_around_a_block_has_its_own() {
        let bytes = [7; 200];
        let mut seen = alloc::collections::BTreeSet::new();
        for len in 0..bytes.len() {
            assert!(seen.insert(Digest::of(&bytes[..len])), "{len}");
        }
    }
}
