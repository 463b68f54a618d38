//! What goes from the guest into the report: output and log lines, both bounded.

use super::Halt;
use crate::{limits::CallLimits, report::LogLine, stop::Stop};
use alloc::{string::String, vec::Vec};
use core::mem;

/// Output and log lines of one call.
pub(crate) struct Record {
    output: Vec<u8>,
    output_limit: u64,
    stderr: Vec<u8>,
    stderr_limit: u64,
    stderr_lost: u64,
    logs: Vec<LogLine>,
    /// How many of them `tracing` has seen.
    emitted: usize,
    log_bytes_left: u64,
    log_lines_left: u64,
    log_line_bytes: u64,
    log_lost: u64,
}

impl Record {
    pub(super) fn new(limits: &CallLimits) -> Self {
        Self {
            output: Vec::new(),
            output_limit: limits.output_bytes,
            stderr: Vec::new(),
            stderr_limit: limits.stderr_bytes,
            stderr_lost: 0,
            logs: Vec::new(),
            emitted: 0,
            log_bytes_left: limits.log_bytes,
            log_lines_left: limits.log_lines,
            log_line_bytes: limits.log_line_bytes,
            log_lost: 0,
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
        self.stderr_lost = self
            .stderr_lost
            .saturating_add(u64::try_from(lost.len()).unwrap_or(u64::MAX));
    }

    pub(crate) fn output(&self) -> &[u8] {
        &self.output
    }

    pub(crate) fn stderr(&self) -> &[u8] {
        &self.stderr
    }

    pub(crate) fn stderr_lost(&self) -> u64 {
        self.stderr_lost
    }

    /// Keeps a log line, cut to what the limits leave; never fails.
    pub(crate) fn log(&mut self, bytes: &[u8]) {
        let Some(lines_left) = self.log_lines_left.checked_sub(1) else {
            self.log_lost = self.log_lost.saturating_add(1);
            return;
        };
        let (text, truncated) = lossy(bytes, room(self.log_bytes_left.min(self.log_line_bytes), 0));
        if truncated {
            self.log_lost = self.log_lost.saturating_add(1);
            if text.is_empty() {
                return;
            }
        }
        if self.logs.try_reserve(1).is_err() {
            self.log_lost = self.log_lost.saturating_add(u64::from(!truncated));
            return;
        }
        self.log_lines_left = lines_left;
        self.log_bytes_left = self
            .log_bytes_left
            .saturating_sub(u64::try_from(text.len()).unwrap_or(u64::MAX));
        self.logs.push(LogLine::new(text, truncated));
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

    pub(crate) fn log_lost(&self) -> u64 {
        self.log_lost
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

/// As much of `bytes` as fits into `room` bytes of UTF-8, cut at a character, and whether it was cut.
///
/// What is not UTF-8 is replaced, as [`String::from_utf8_lossy`] does, but without reading on
/// beyond what fits. Where the machine is out of memory the text ends.
fn lossy(bytes: &[u8], room: usize) -> (String, bool) {
    /// What stands for bytes that are not UTF-8 takes so many.
    const LONGEST: usize = char::REPLACEMENT_CHARACTER.len_utf8();

    let mut text = String::new();
    // As most lines are; so keeping one costs an eighth less than in chunks.
    if bytes.len() <= room
        && let Ok(whole) = str::from_utf8(bytes)
    {
        let fits = text.try_reserve_exact(whole.len()).is_ok();
        text.push_str(if fits { whole } else { "" });
        return (text, !fits);
    }
    for chunk in bytes.utf8_chunks() {
        let replaced = if chunk.invalid().is_empty() {
            None
        } else {
            Some(char::REPLACEMENT_CHARACTER)
        };
        let left = room.saturating_sub(text.len());
        // Long valid text is taken in one piece.
        let valid = start_of(chunk.valid(), left);
        if text
            .try_reserve(valid.len().saturating_add(LONGEST))
            .is_err()
        {
            return (text, true);
        }
        text.push_str(valid);
        if valid.len() < chunk.valid().len() {
            return (text, true);
        }
        if let Some(replacement) = replaced {
            if room.saturating_sub(text.len()) < replacement.len_utf8() {
                return (text, true);
            }
            text.push(replacement);
        }
    }
    (text, false)
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
