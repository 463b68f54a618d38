//! Why bytes are no recording.

use alloc::string::String;

/// Why bytes are no recording that can be replayed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordingError {
    /// They do not begin as a recording does.
    #[error("these bytes are no recording of fuelbox")]
    NotARecording,
    /// The format is of another version.
    #[error(
        "the recording has version {found} of the format, and this fuelbox reads version {expected}"
    )]
    Version {
        /// The version that this fuelbox writes and reads.
        expected: u32,
        /// The version of the recording.
        found: u32,
    },
    /// The end is missing.
    #[error("the recording is cut off: it ends after {len} bytes")]
    Truncated {
        /// How many bytes there are.
        len: u64,
    },
    /// The checksum says that some bytes are not those that were written.
    #[error("the recording is damaged: its checksum is not that of its bytes")]
    Corrupted,
    /// The checksum is right, and yet no recorder writes such bytes.
    #[error("the recording is malformed: no {expected} at byte {at}")]
    Malformed {
        /// Where in the bytes, from 0.
        at: u64,
        /// What should stand there.
        expected: String,
    },
    /// There are more bytes than a recording may have.
    #[error("the recording has {found} bytes, and {limit} are allowed")]
    TooLarge {
        /// [`Recording::MOST_BYTES`](crate::Recording::MOST_BYTES).
        limit: u64,
        /// How many bytes there are.
        found: u64,
    },
}
