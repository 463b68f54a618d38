//! One stream of the guest, passed on as it is written.

use crate::show::print;
use std::io::{self, ErrorKind, IsTerminal, Write};

/// Where a stream of the guest goes, and how much of it went there.
///
/// Byte for byte, but escaped where that is a terminal.
pub(crate) struct Stream<W> {
    to: W,
    is_terminal: bool,
    passed: usize,
    failure: Option<io::Error>,
}

impl Stream<io::Stdout> {
    pub(crate) fn stdout() -> Self {
        Self::new(io::stdout(), io::stdout().is_terminal())
    }
}

impl Stream<io::Stderr> {
    pub(crate) fn stderr() -> Self {
        Self::new(io::stderr(), io::stderr().is_terminal())
    }
}

impl<W: Write> Stream<W> {
    fn new(to: W, is_terminal: bool) -> Self {
        Self {
            to,
            is_terminal,
            passed: 0,
            failure: None,
        }
    }

    /// Whether [`pass`](Self::pass) would write to a terminal.
    pub(crate) fn disturbs(&self, written: &[u8]) -> bool {
        self.is_terminal && written.len() > self.passed
    }

    /// Passes on what is new in `written`, which is all that the guest has written so far.
    pub(crate) fn pass(&mut self, written: &[u8]) {
        let new = written.get(self.passed..).unwrap_or_default();
        // Characters arrive whole at a terminal; what is left of one comes with the rest of it.
        let len = if self.is_terminal {
            whole(new)
        } else {
            new.len()
        };
        self.write(new.get(..len).unwrap_or(new));
        self.passed = self.passed.saturating_add(len);
    }

    /// Passes on the rest. With `line`, or on a terminal, what follows begins a line of its own.
    ///
    /// # Errors
    /// What went wrong first; a reader that has closed the pipe is not an error.
    pub(crate) fn finish(mut self, written: &[u8], line: bool) -> io::Result<()> {
        self.write(written.get(self.passed..).unwrap_or_default());
        if (line || self.is_terminal) && written.last().is_some_and(|last| *last != b'\n') {
            self.write(b"\n");
        }
        match self.failure {
            Some(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
            _ => Ok(()),
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        // After a failure something would be missing in between.
        if bytes.is_empty() || self.failure.is_some() {
            return;
        }
        let written = if self.is_terminal {
            let shown = print::visible(&String::from_utf8_lossy(bytes));
            self.to.write_all(shown.as_bytes())
        } else {
            self.to.write_all(bytes)
        };
        self.failure = written.and_then(|()| self.to.flush()).err();
    }
}

/// How many bytes are left without a character at the end that has only begun.
fn whole(bytes: &[u8]) -> usize {
    let begun = bytes.utf8_chunks().last().map_or(0, |chunk| {
        let rest = chunk.invalid();
        // Only at the end can a character be cut short: elsewhere it is not one.
        match str::from_utf8(rest) {
            Err(error) if error.error_len().is_none() => rest.len(),
            _ => 0,
        }
    });
    bytes.len().saturating_sub(begun)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What arrives if the guest writes byte by byte.
    fn arrives(written: &[u8], is_terminal: bool, line: bool) -> Vec<u8> {
        let mut to = Vec::new();
        let mut stream = Stream::new(&mut to, is_terminal);
        for len in 0..=written.len() {
            stream.pass(&written[..len]);
        }
        stream.finish(written, line).expect("a Vec takes it all");
        to
    }

    #[test]
    fn bytes_arrive_as_they_are() {
        let bytes: Vec<u8> = (0..=u8::MAX).collect();
        assert_eq!(arrives(&bytes, false, false), bytes);
        assert_eq!(arrives(b"", false, true), b"");
        assert_eq!(arrives(b"a", false, true), b"a\n");
        assert_eq!(arrives(b"a\n", false, true), b"a\n");
    }

    #[test]
    fn characters_arrive_whole_and_escaped_at_a_terminal() {
        let shown = arrives("é\u{1b}[2J\u{202e}".as_bytes(), true, false);
        assert_eq!(shown, "é\\u{1b}[2J\\u{202e}\n".as_bytes());
        assert_eq!(arrives(b"a\xc3", true, false), "a\u{fffd}\n".as_bytes());
        assert_eq!(arrives(b"\xffa\n", true, false), "\u{fffd}a\n".as_bytes());
    }

    #[test]
    fn only_a_character_that_has_begun_is_held_back() {
        assert_eq!(whole("aé".as_bytes()), 3);
        assert_eq!(whole(b"a\xc3"), 1);
        assert_eq!(whole(b"a\xf0\x9f\x98"), 1);
        assert_eq!(whole(b"a\xff"), 2);
        assert_eq!(whole(b"\xc3a"), 2);
        assert_eq!(whole(b""), 0);
    }
}
