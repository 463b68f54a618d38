//! The fingerprint of a module: a number that tells modules apart in logs.

/// A 64-bit hash of `wasm`: the same bytes give the same number everywhere.
///
/// Mixed as in FNV-1a, but eight bytes at a time, so that it costs little beside compiling. It is no
/// protection against bytes made to collide.
pub(crate) fn fingerprint(wasm: &[u8]) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;

    let (words, rest) = wasm.as_chunks::<8>();
    let hash = words.iter().fold(OFFSET, |hash, word| {
        (hash ^ u64::from_le_bytes(*word))
            .wrapping_mul(PRIME)
            .rotate_left(29)
    });
    rest.iter().fold(hash, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(PRIME)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_counts() {
        let wasm = [7_u8; 21];
        for index in 0..wasm.len() {
            let mut other = wasm;
            other[index] ^= 0x80;
            assert_ne!(fingerprint(&wasm), fingerprint(&other), "byte {index}");
        }
    }
}
