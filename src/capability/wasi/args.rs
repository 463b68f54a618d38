//! Arguments and environment: lists of strings that end in a zero byte.

use super::call::{Call, Fail};
use crate::tree::Errno;
use alloc::{string::String, vec::Vec};

pub(super) fn sizes_get(
    call: &mut Call<'_>,
    strings: &[String],
    count: u32,
    bytes: u32,
) -> Result<(), Fail> {
    call.check(count, 4)?;
    let (len, size) = sizes(strings).ok_or(Errno::Overflow)?;
    call.write_u32(count, len)?;
    call.write_u32(bytes, size)
}

pub(super) fn get(
    call: &mut Call<'_>,
    strings: &[String],
    pointers: u32,
    buffer: u32,
) -> Result<(), Fail> {
    let (len, size) = sizes(strings).ok_or(Errno::Overflow)?;
    call.check(pointers, len.checked_mul(4).ok_or(Errno::Overflow)?)?;
    call.check(buffer, size)?;
    let mut list = Vec::new();
    let mut text = Vec::new();
    for string in strings {
        let offset = u32::try_from(text.len()).map_err(|_| Errno::Overflow)?;
        let address = buffer.checked_add(offset).ok_or(Errno::Overflow)?;
        list.extend_from_slice(&address.to_le_bytes());
        text.extend_from_slice(string.as_bytes());
        text.push(0);
    }
    call.write(pointers, &list)?;
    call.write(buffer, &text)
}

/// How many strings there are, and how many bytes they take.
fn sizes(strings: &[String]) -> Option<(u32, u32)> {
    let bytes = strings.iter().try_fold(0_usize, |sum, string| {
        sum.checked_add(string.len())?.checked_add(1)
    })?;
    Some((
        u32::try_from(strings.len()).ok()?,
        u32::try_from(bytes).ok()?,
    ))
}
