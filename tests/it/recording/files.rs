//! Whatever the bytes of a file are, reading them ends in a recording or in a typed error.

use super::{SUM, recording, run, summing};
use crate::harness::{allocations, module};
use fuelbox::{Call, Recording, RecordingError};
use proptest::prelude::*;

/// A file that holds some of everything.
fn file() -> Vec<u8> {
    let module = module(SUM);
    let finished = run(
        &summing(),
        &module,
        Call::export("sum").args(9).input("text"),
    );
    recording(&finished)
        .clone()
        .with_module(*b"(module)")
        .to_bytes()
}

/// Gives a file the checksum of its bytes, as somebody would who means harm.
fn forge(file: &mut [u8]) {
    let Some((covered, checksum)) = file.split_last_chunk_mut::<8>() else {
        return;
    };
    let mix = |hash: u64, word: u64| (hash ^ word).wrapping_mul(0x0100_0000_01b3).rotate_left(29);
    let (words, rest) = covered.as_chunks::<8>();
    let words = words.iter().map(|word| u64::from_le_bytes(*word));
    let rest = rest.iter().map(|byte| u64::from(*byte));
    let hash = words.chain(rest).fold(0xcbf2_9ce4_8422_2325, mix);
    *checksum = mix(hash, covered.len() as u64).to_le_bytes();
}

#[test]
fn what_was_written_is_read_back() {
    let file = file();
    let recording = Recording::from_bytes(&file).expect("it was just written");
    assert_eq!(recording.to_bytes(), file);
    assert_eq!(recording.module(), Some(&b"(module)"[..]));
    assert_eq!((recording.calls(), recording.host_calls()), (1, 9));
}

#[test]
fn every_shorter_file_is_cut_off() {
    let file = file();
    for len in 0..file.len() {
        let error = Recording::from_bytes(&file[..len]).expect_err("it is cut off");
        let is_told =
            matches!(error, RecordingError::Truncated { len: found } if found == len as u64);
        assert!(is_told, "{len} of {}: {error}", file.len());
    }
}

#[test]
fn every_changed_byte_is_noticed() {
    let file = file();
    for at in 0..file.len() {
        let mut changed = file.clone();
        changed[at] ^= 0x10;
        let error = Recording::from_bytes(&changed).expect_err("a byte is another");
        match at {
            0..8 => assert_eq!(error, RecordingError::NotARecording),
            8..12 => assert!(matches!(error, RecordingError::Version { .. }), "{error}"),
            _ => assert!(
                matches!(
                    error,
                    RecordingError::Corrupted | RecordingError::Truncated { .. }
                ),
                "byte {at}: {error}"
            ),
        }
    }
}

#[test]
fn a_forged_checksum_is_the_right_one() {
    let file = file();
    let mut forged = file.clone();
    forged[file.len() - 8..].fill(0);
    forge(&mut forged);
    assert_eq!(forged, file);
}

/// What happens to some bytes of a file.
#[derive(Clone, Debug)]
enum Change {
    Set(Vec<u8>),
    Insert(Vec<u8>),
    Remove(usize),
}

fn change() -> impl Strategy<Value = Change> {
    let large = Just(vec![0xff, 0xff, 0xff, 0xff, 0x0f]);
    let bytes = prop_oneof![large, proptest::collection::vec(any::<u8>(), 1..6)];
    prop_oneof![
        bytes.clone().prop_map(Change::Set),
        bytes.prop_map(Change::Insert),
        (1_usize..20).prop_map(Change::Remove),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Files that somebody has made on purpose are read in proportion to their length, and never panic; what can be
    /// read can be replayed, to whatever end.
    #[test]
    fn hostile_files_end_in_an_error_or_in_a_replay(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), change()), 1..4),
    ) {
        let mut file = file();
        for (place, change) in changes {
            let at = 20 + place.index(file.len() - 28);
            match change {
                Change::Set(bytes) => {
                    let end = (at + bytes.len()).min(file.len());
                    file[at..end].copy_from_slice(&bytes[..end - at]);
                }
                Change::Insert(bytes) => drop(file.splice(at..at, bytes)),
                Change::Remove(len) => drop(file.drain(at..(at + len).min(file.len() - 8))),
            }
        }
        let len = (file.len() as u64).to_le_bytes();
        file[12..20].copy_from_slice(&len);
        forge(&mut file);
        let (read, spent) = allocations::measure(|| Recording::from_bytes(&file));
        let len = i64::try_from(file.len()).expect("it is short");
        prop_assert!(spent.peak < 64 * 1_024 + 100 * len, "{spent:?}");
        match read {
            Err(error) => prop_assert!(
                matches!(error, RecordingError::Malformed { .. }),
                "{error}"
            ),
            Ok(recording) => {
                // NaNs differ from themselves, bytes do not.
                let written = recording.to_bytes();
                let again = Recording::from_bytes(&written).expect("it was just written");
                prop_assert_eq!(again.to_bytes(), written);
                if recording.limits().call.fuel < 1 << 62 {
                    let _ = recording.replay(&module(SUM));
                }
            }
        }
    }
}
