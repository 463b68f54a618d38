//! One message on the wire: a header of 16 bytes, a head in JSON, a body of raw bytes.

/// How a frame begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::worker) struct Header {
    /// Length of the head in bytes.
    pub(in crate::worker) head: usize,
    /// Length of the body in bytes.
    pub(in crate::worker) body: usize,
}

/// The most that a frame may have, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::worker) struct Bounds {
    pub(in crate::worker) head: u64,
    pub(in crate::worker) body: u64,
}

/// Why bytes are no frame, or a frame is not what may be said now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::worker) enum Malformed {
    /// It begins with other bytes.
    Mark,
    /// It is longer than it may be.
    Length,
    /// The head is not the JSON of a message.
    Head,
    /// A message that nobody asked for, or one with more than there may be.
    Unexpected,
}

impl Bounds {
    /// For messages that are all head, such as questions and numbers: 64 KiB.
    pub(in crate::worker) const SMALL: Self = Self {
        head: 64 << 10,
        body: 0,
    };
}

impl Header {
    /// How long it is itself, in bytes.
    pub(in crate::worker) const BYTES: usize = 16;

    /// So that bytes out of step are seen at once.
    const MARK: [u8; 4] = *b"fbw1";

    /// # Errors
    /// [`Malformed::Mark`], [`Malformed::Length`].
    pub(in crate::worker) fn read(
        bytes: &[u8; Self::BYTES],
        bounds: &Bounds,
    ) -> Result<Self, Malformed> {
        let [m0, m1, m2, m3, h0, h1, h2, h3, body @ ..] = *bytes;
        if [m0, m1, m2, m3] != Self::MARK {
            return Err(Malformed::Mark);
        }
        let head = u64::from(u32::from_le_bytes([h0, h1, h2, h3]));
        let body = u64::from_le_bytes(body);
        if head > bounds.head || body > bounds.body {
            return Err(Malformed::Length);
        }
        let length = |bytes: u64| usize::try_from(bytes).map_err(|_| Malformed::Length);
        Ok(Self {
            head: length(head)?,
            body: length(body)?,
        })
    }

    /// None where the head is longer than can be written.
    pub(in crate::worker) fn write(self) -> Option<[u8; Self::BYTES]> {
        let mut bytes = [0; Self::BYTES];
        let (mark, lengths) = bytes.split_first_chunk_mut()?;
        let (head, body) = lengths.split_first_chunk_mut()?;
        *mark = Self::MARK;
        *head = u32::try_from(self.head).ok()?.to_le_bytes();
        let length = u64::try_from(self.body).ok()?.to_le_bytes();
        *body.first_chunk_mut()? = length;
        Some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BOUNDS: Bounds = Bounds { head: 100, body: 7 };

    #[test]
    fn a_header_is_within_its_bounds_or_malformed() {
        let at = |head, body| Header { head, body };
        let bytes = at(100, 7).write().unwrap();
        assert_eq!(Header::read(&bytes, &BOUNDS), Ok(at(100, 7)));
        for longer in [at(101, 7), at(100, 8)] {
            let bytes = longer.write().unwrap();
            assert_eq!(Header::read(&bytes, &BOUNDS), Err(Malformed::Length));
        }
        assert_eq!(
            Header::read(&[0; Header::BYTES], &BOUNDS),
            Err(Malformed::Mark)
        );
    }

    proptest! {
        #[test]
        fn any_header_comes_back(head: u32, body: u32) {
            let header = Header { head: head as usize, body: body as usize };
            let bounds = Bounds { head: u64::MAX, body: u64::MAX };
            prop_assert_eq!(Header::read(&header.write().unwrap(), &bounds), Ok(header));
        }

        #[test]
        fn no_bytes_make_a_header_beyond_its_bounds(bytes: [u8; Header::BYTES], marked: bool) {
            let mut bytes = bytes;
            if marked {
                bytes[..4].copy_from_slice(&Header::MARK);
            }
            if let Ok(header) = Header::read(&bytes, &BOUNDS) {
                prop_assert!(header.head <= 100 && header.body <= 7);
            }
        }
    }
}
