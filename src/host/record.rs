//! The record of a call: output and log lines for the report, both bounded.

use super::Halt;
use crate::{limits::CallLimits, report::LogLine, stop::Stop};
use alloc::{string::String, vec::Vec};
use core::mem;

/// Output and log lines of one call; by default there may be none.
#[derive(Default)]
pub(crate) struct Record {
    output: Vec<u8>,
    output_limit: u64,
    stderr: Vec<u8>,
    stderr_limit: u64,
    stderr_bytes_lost: u64,
    logs: Vec<LogLine>,
    /// How many of them `tracing` has seen.
    emitted: usize,
    log_bytes_left: u64,
    log_lines_left: u64,
    log_line_bytes: u64,
    log_lines_lost: u64,
}

impl Record {
    pub(super) fn new(limits: &CallLimits) -> Self {
        Self {
            output: Vec::new(),
            output_limit: limits.output_bytes,
            stderr: Vec::new(),
            stderr_limit: limits.stderr_bytes,
            stderr_bytes_lost: 0,
            logs: Vec::new(),
            emitted: 0,
            log_bytes_left: limits.log_bytes,
            log_lines_left: limits.log_lines,
            log_line_bytes: limits.log_line_bytes,
            log_lines_lost: 0,
        }
    }

    /// Appends to the output; at the limit what fits is kept.
    ///
    /// # Errors
    /// [`Stop::OutputTooLarge`]; [`Stop::SystemOutOfMemory`], and then nothing is kept of `bytes`.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Halt> {
        let room = room(self.output_limit, self.output.len());
        let fits = bytes.get(..room).unwrap_or(bytes);
        self.output
            .try_reserve(fits.len())
            .map_err(|_| Halt::new(Stop::SystemOutOfMemory))?;
        self.output.extend_from_slice(fits);
        if fits.len() < bytes.len() {
            return Err(Halt::new(Stop::OutputTooLarge {
                limit: self.output_limit,
            }));
        }
        Ok(())
    }

    /// Appends to the error stream; what does not fit is dropped and counted, never a failure.
    pub(crate) fn write_stderr(&mut self, bytes: &[u8]) {
        let fits = bytes.len().min(room(self.stderr_limit, self.stderr.len()));
        // What the machine has no room for does not fit either.
        let fits = self.stderr.try_reserve(fits).map_or(0, |()| fits);
        let (kept, lost) = bytes.split_at_checked(fits).unwrap_or((bytes, &[]));
        self.stderr.extend_from_slice(kept);
        self.stderr_bytes_lost = self
            .stderr_bytes_lost
            .saturating_add(u64::try_from(lost.len()).unwrap_or(u64::MAX));
    }

    pub(crate) fn output(&self) -> &[u8] {
        &self.output
    }

    pub(crate) fn stderr(&self) -> &[u8] {
        &self.stderr
    }

    pub(crate) fn logs(&self) -> &[LogLine] {
        &self.logs
    }

    pub(crate) fn stderr_bytes_lost(&self) -> u64 {
        self.stderr_bytes_lost
    }

    /// Keeps a log line, cut to what the limits leave; never fails.
    pub(crate) fn log(&mut self, bytes: &[u8]) {
        if let Some(mut line) = self.begin_line() {
            line.push(bytes);
            self.end_line(line);
        }
    }

    /// A log line to be filled; `None` where there may be no more.
    pub(crate) fn begin_line(&mut self) -> Option<Line> {
        if self.log_lines_left == 0 {
            self.log_lines_lost = self.log_lines_lost.saturating_add(1);
            return None;
        }
        let room = room(self.log_bytes_left.min(self.log_line_bytes), 0);
        Some(Line::new(room))
    }

    /// Keeps a line that was begun.
    pub(crate) fn end_line(&mut self, line: Line) {
        let Line { text, is_cut, .. } = line;
        if is_cut {
            self.log_lines_lost = self.log_lines_lost.saturating_add(1);
            if text.is_empty() {
                return;
            }
        }
        if self.logs.try_reserve(1).is_err() {
            self.log_lines_lost = self.log_lines_lost.saturating_add(u64::from(!is_cut));
            return;
        }
        self.log_lines_left = self.log_lines_left.saturating_sub(1);
        self.log_bytes_left = self
            .log_bytes_left
            .saturating_sub(u64::try_from(text.len()).unwrap_or(u64::MAX));
        self.logs.push(LogLine::new(text, is_cut));
    }

    /// Gives what was logged since the last time to `tracing`.
    #[inline]
    pub(crate) fn emit_logs(&mut self) {
        while let Some(line) = self.logs.get(self.emitted) {
            // Before it is told, so that one that a subscriber panics on is not told again.
            self.emitted = self.emitted.saturating_add(1);
            tracing::debug!(target: "fuelbox::guest", "{line}");
        }
    }

    pub(crate) fn log_lines_lost(&self) -> u64 {
        self.log_lines_lost
    }

    /// Output, error stream and log lines; none are left.
    pub(crate) fn take_parts(&mut self) -> (Vec<u8>, Vec<u8>, Vec<LogLine>) {
        (
            mem::take(&mut self.output),
            mem::take(&mut self.stderr),
            mem::take(&mut self.logs),
        )
    }
}

/// How many more bytes fit under `limit`.
fn room(limit: u64, len: usize) -> usize {
    usize::try_from(limit)
        .unwrap_or(usize::MAX)
        .saturating_sub(len)
}

/// As much of a line as fits into this number of bytes of UTF-8, cut at a character.
///
/// What is not UTF-8 is replaced, as [`String::from_utf8_lossy`] does, but without reading on
/// beyond what fits. Where the machine is out of memory the text ends.
pub(crate) struct Line {
    text: String,
    room: usize,
    is_cut: bool,
}

impl Line {
    fn new(room: usize) -> Self {
        Self {
            text: String::new(),
            room,
            is_cut: false,
        }
    }

    /// Appends bytes; returns whether all of them fit. Where there are more they begin with a character, or with
    /// what is part of none.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> bool {
        self.is_cut = !self.takes(bytes);
        !self.is_cut
    }

    fn takes(&mut self, bytes: &[u8]) -> bool {
        /// What stands for bytes that are not UTF-8 takes so many.
        const LONGEST: usize = char::REPLACEMENT_CHARACTER.len_utf8();

        // As most lines are; so keeping one costs an eighth less than in chunks.
        if bytes.len() <= self.left()
            && let Ok(whole) = str::from_utf8(bytes)
        {
            let fits = self.text.try_reserve_exact(whole.len()).is_ok();
            self.text.push_str(if fits { whole } else { "" });
            return fits;
        }
        for chunk in bytes.utf8_chunks() {
            // Long valid text is taken in one piece.
            let valid = start_of(chunk.valid(), self.left());
            let room = valid.len().saturating_add(LONGEST);
            if self.text.try_reserve(room).is_err() {
                return false;
            }
            self.text.push_str(valid);
            if valid.len() < chunk.valid().len() {
                return false;
            }
            if !chunk.invalid().is_empty() {
                if self.left() < LONGEST {
                    return false;
                }
                self.text.push(char::REPLACEMENT_CHARACTER);
            }
        }
        true
    }

    fn left(&self) -> usize {
        self.room.saturating_sub(self.text.len())
    }
}

/// The start of `bytes`, at most `len` of them, cut where no character is: what is not UTF-8 is replaced the same in
/// one piece and in two.
pub(crate) fn whole_characters(bytes: &[u8], len: usize) -> &[u8] {
    /// So many bytes of a character follow its first one.
    const FOLLOWING: usize = 3;

    let starts_here = |at: &usize| bytes.get(*at).is_none_or(|byte| byte & 0xc0 != 0x80);
    let end = (len.saturating_sub(FOLLOWING)..=len)
        .rev()
        .find(starts_here);
    bytes.get(..end.unwrap_or(len)).unwrap_or(bytes)
}

/// The first `len` bytes of `text`, fewer where a character would be cut.
fn start_of(text: &str, len: usize) -> &str {
    (0..=len.min(text.len()))
        .rev()
        .find_map(|len| text.get(..len))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lossy(bytes: &[u8], room: usize) -> (String, bool) {
        let mut line = Line::new(room);
        line.push(bytes);
        (line.text, line.is_cut)
    }

    #[test]
    fn lines_in_pieces_are_the_same_lines() {
        let text = b"a\xc3\xa9\xf0\x9f\x8e\x88\xe2\x82\xf0\x9f\x80\x80\x80\x80\x80\x80z\xff\xe2\x82\xac\xc3";
        for len in 4..text.len() {
            let mut line = Line::new(usize::MAX);
            let mut rest = &text[..];
            while !rest.is_empty() {
                let piece = whole_characters(rest, len);
                assert!(!piece.is_empty() && line.push(piece));
                rest = &rest[piece.len()..];
            }
            assert_eq!(line.text, String::from_utf8_lossy(text), "{len}");
        }
    }

    #[test]
    fn lines_are_cut_at_a_character() {
        assert_eq!(lossy("aé".as_bytes(), 2), ("a".into(), true));
        assert_eq!(lossy("aé".as_bytes(), 3), ("aé".into(), false));
        assert_eq!(lossy(b"a\xff", 3), ("a".into(), true));
        assert_eq!(lossy(b"a\xffb", 5), ("a\u{fffd}b".into(), false));
        assert_eq!(lossy(b"", 0), (String::new(), false));
    }

    #[test]
    fn what_fits_of_the_output_is_kept() {
        let mut record = Record::new(&CallLimits::default().output_bytes(3));
        assert_eq!(record.write(b"ab"), Ok(()));
        assert_eq!(
            record.write(b"cd"),
            Err(Halt::new(Stop::OutputTooLarge { limit: 3 }))
        );
        assert_eq!(record.take_parts().0, b"abc");
    }
}
