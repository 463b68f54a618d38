//! Numbers, bytes and lists, as a recording has them.
//!
//! Numbers are unsigned LEB128, so that small ones take a byte. Whatever has a length is checked against the bytes that
//! are left before room is made for it: no more is allocated than in proportion to the file.

use super::error::RecordingError;
use alloc::{string::String, sync::Arc, vec::Vec};
use core::time::Duration;

/// Bytes that are written.
pub(crate) type Writer = Vec<u8>;

/// Bytes that are read, from the first to the last.
#[derive(Clone)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    /// Where in the file the rest begins.
    at: usize,
}

/// What can be written and read back.
pub(crate) trait Wire: Sized {
    fn write(&self, to: &mut Writer);

    /// # Errors
    /// [`RecordingError::Malformed`].
    fn read(from: &mut Reader<'_>) -> Result<Self, RecordingError>;
}

impl<'a> Reader<'a> {
    /// Of bytes that stand at `at` in the file.
    pub(crate) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.bytes.is_empty()
    }

    /// How many bytes are left.
    pub(crate) fn left(&self) -> usize {
        self.bytes.len()
    }

    /// The next `len` bytes, apart from the rest.
    pub(crate) fn part(&self, len: usize) -> Self {
        let bytes = self.bytes.get(..len).unwrap_or(self.bytes);
        Self { bytes, ..*self }
    }

    pub(crate) fn malformed(&self, expected: &str) -> RecordingError {
        RecordingError::Malformed {
            at: u64::try_from(self.at).unwrap_or(u64::MAX),
            expected: expected.into(),
        }
    }

    /// The next `len` bytes.
    pub(crate) fn take(&mut self, len: usize) -> Result<&'a [u8], RecordingError> {
        let Some((taken, rest)) = self.bytes.split_at_checked(len) else {
            return Err(self.malformed("room for what follows"));
        };
        self.bytes = rest;
        self.at = self.at.saturating_add(len);
        Ok(taken)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, RecordingError> {
        let taken = self.take(1)?;
        Ok(taken.first().copied().unwrap_or_default())
    }

    pub(crate) fn number(&mut self) -> Result<u64, RecordingError> {
        let mut number = 0_u64;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                break;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(self.malformed("number of 64 bits"))
    }

    /// Bytes behind their length.
    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], RecordingError> {
        let len = self.number()?;
        self.take(usize::try_from(len).unwrap_or(usize::MAX))
    }

    /// How many entries follow, each of at least a byte.
    pub(crate) fn count(&mut self) -> Result<usize, RecordingError> {
        let count = usize::try_from(self.number()?).unwrap_or(usize::MAX);
        if count > self.bytes.len() {
            return Err(self.malformed("room for so many entries"));
        }
        Ok(count)
    }
}

#[inline]
pub(crate) fn write_number(to: &mut Writer, number: u64) {
    const MOST_IN_A_BYTE: u64 = 0x7f;

    // Most are.
    if let (0..=MOST_IN_A_BYTE, [low, ..]) = (number, number.to_le_bytes()) {
        to.push(low);
    } else {
        write_long_number(to, number);
    }
}

fn write_long_number(to: &mut Writer, mut number: u64) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            to.push(low & 0x7f);
            return;
        }
        to.push(low | 0x80);
    }
}

/// Writes a length.
pub(crate) fn write_len(to: &mut Writer, len: usize) {
    write_number(to, u64::try_from(len).unwrap_or(u64::MAX));
}

/// Writes bytes behind their length.
pub(crate) fn write_bytes(to: &mut Writer, bytes: &[u8]) {
    write_len(to, bytes.len());
    to.extend_from_slice(bytes);
}

impl Wire for u64 {
    fn write(&self, to: &mut Writer) {
        write_number(to, *self);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, RecordingError> {
        from.number()
    }
}

impl Wire for u32 {
    fn write(&self, to: &mut Writer) {
        write_number(to, u64::from(*self));
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, RecordingError> {
        Self::try_from(from.number()?).map_err(|_| from.malformed("number of 32 bits"))
    }
}

impl Wire for i32 {
    fn write(&self, to: &mut Writer) {
        self.cast_unsigned().write(to);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, RecordingError> {
        Ok(u32::read(from)?.cast_signed())
    }
}

impl Wire for bool {
    fn write(&self, to: &mut Writer) {
        to.push((*self).into());
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, RecordingError> {
        match from.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(from.malformed("yes or no")),
        }
    }
}

impl Wire for Vec<u8> {
    fn write(&self, to: &mut Writer) {
        write_bytes(to, self);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, RecordingError> {
        Ok(from.bytes()?.to_vec())
    }
}

impl Wire for String {
    fn write(&self, to: &mut Writer) {
        write_bytes(to, self.as_bytes());
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, RecordingError> {
        let text = str::from_utf8(from.bytes()?);
        text.map(Self::from)
            .map_err(|_| from.malformed("text of UTF-8"))
    }
}

impl Wire for Duration {
    fn write(&self, to: &mut Writer) {
        self.as_secs().write(to);
        self.subsec_nanos().write(to);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, RecordingError> {
        const NANOS_PER_SECOND: u32 = 1_000_000_000;

        let seconds = u64::read(from)?;
        match u32::read(from)? {
            nanos if nanos < NANOS_PER_SECOND => Ok(Self::new(seconds, nanos)),
            _ => Err(from.malformed("nanoseconds of less than a second")),
        }
    }
}

impl<T: Wire> Wire for Option<T> {
    fn write(&self, to: &mut Writer) {
        self.is_some().write(to);
        if let Some(value) = self {
            value.write(to);
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, RecordingError> {
        bool::read(from)?.then(|| T::read(from)).transpose()
    }
}

impl<T: Wire> Wire for Arc<T> {
    fn write(&self, to: &mut Writer) {
        T::write(self, to);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, RecordingError> {
        T::read(from).map(Self::new)
    }
}

/// Writes a list behind its length.
pub(crate) fn write_list<T: Wire>(to: &mut Writer, list: &[T]) {
    write_len(to, list.len());
    list.iter().for_each(|entry| entry.write(to));
}

/// Reads a list behind its length.
///
/// # Errors
/// [`RecordingError::Malformed`].
pub(crate) fn read_list<T: Wire>(from: &mut Reader<'_>) -> Result<Vec<T>, RecordingError> {
    let count = from.count()?;
    // Grown as it is read: an entry may be much larger here than there.
    let mut list = Vec::new();
    for _ in 0..count {
        list.push(T::read(from)?);
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(number in any::<u64>()) {
            let mut bytes = Writer::new();
            number.write(&mut bytes);
            let mut reader = Reader::new(&bytes, 0);
            prop_assert_eq!(reader.number(), Ok(number));
            prop_assert!(reader.is_at_end());
        }
    }

    #[test]
    fn lengths_beyond_the_bytes_are_refused_before_room_is_made() {
        let mut bytes = Writer::new();
        write_number(&mut bytes, u64::MAX);
        assert!(Reader::new(&bytes, 0).bytes().is_err());
        assert!(read_list::<u64>(&mut Reader::new(&bytes, 0)).is_err());
        assert!(Reader::new(&[0xff; 11], 0).number().is_err());
    }
}
