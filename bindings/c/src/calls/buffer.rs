//! The law of buffers: what does not fit is told exactly, and nothing is written beyond what is said.

use super::bytes::Bytes;
use crate::{boundary::Out, status::Status};

/// What no call writes by itself, so that it is seen what was left alone.
const UNTOUCHED: u8 = 0xa5;

/// Calls `fill` with a buffer of any length, then with one that has room; the status of the last.
pub(super) fn filled(
    bytes: &mut Bytes<'_>,
    fill: impl Fn(Out<u8>, usize, Out<usize>) -> Status,
) -> Status {
    let cap = usize::from(bytes.byte());
    let (status, len) = into(cap, &fill);
    if status != Status::BUFFER_TOO_SMALL {
        return status;
    }
    assert!(len > cap, "{len} fit into {cap}");
    let (status, again) = into(len, &fill);
    assert_eq!((status, again), (Status::OK, len));
    status
}

/// Calls `fill` with room for so many bytes: its status, and the length it says.
fn into(cap: usize, fill: impl Fn(Out<u8>, usize, Out<usize>) -> Status) -> (Status, usize) {
    /// Of the caller, behind the buffer.
    const BEHIND: usize = 8;

    let mut buffer = vec![UNTOUCHED; cap + BEHIND];
    let mut len = usize::MAX;
    let status = fill(Out::of(&mut buffer), cap, Out::to(&mut len));
    let written = if status == Status::OK { len } else { 0 };
    assert!(written <= cap, "{written} of {cap} bytes");
    assert!(buffer[written..].iter().all(|byte| *byte == UNTOUCHED));
    (status, len)
}
