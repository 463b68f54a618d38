//! A line of text on the stack, so that a message needs no allocation: not even the one that says
//! that there is no memory.

use core::fmt::{self, Write};

/// Most bytes of a line.
const LINE_BYTES: usize = 1_024;

/// What a line ends in that was cut.
const CUT: &[u8] = b"...";

/// A line of text; what does not fit is cut at a character.
pub(crate) struct Line {
    bytes: [u8; LINE_BYTES],
    len: usize,
    is_cut: bool,
}

impl Line {
    pub(crate) fn new() -> Self {
        Self {
            bytes: [0; LINE_BYTES],
            len: 0,
            is_cut: false,
        }
    }

    /// Appends `text`.
    pub(crate) fn push(&mut self, text: fmt::Arguments<'_>) {
        // An error would be one of the text's own `Display`: what it wrote until then is kept.
        self.write_fmt(text).ok();
    }

    /// Turns line breaks into blanks.
    pub(crate) fn join(&mut self) {
        for byte in &mut self.bytes {
            if *byte == b'\n' {
                *byte = b' ';
            }
        }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or(&self.bytes)
    }

    fn append(&mut self, bytes: &[u8]) {
        let room = self.bytes.iter_mut().skip(self.len);
        for (place, byte) in room.zip(bytes) {
            *place = *byte;
            self.len = self.len.saturating_add(1);
        }
    }
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.is_cut {
            return Ok(());
        }
        let room = LINE_BYTES
            .saturating_sub(CUT.len())
            .saturating_sub(self.len);
        if text.len() <= room {
            self.append(text.as_bytes());
            return Ok(());
        }
        self.is_cut = true;
        let mut end = room;
        while !text.is_char_boundary(end) {
            end = end.saturating_sub(1);
        }
        if let Some(fits) = text.as_bytes().get(..end) {
            self.append(fits);
        }
        self.append(CUT);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_cut_at_a_character() {
        for before in 0..4 {
            let mut line = Line::new();
            line.push(format_args!("{}{}", "x".repeat(before), "ä€".repeat(400)));
            line.push(format_args!("no more"));
            let text = core::str::from_utf8(line.as_bytes()).expect("it is cut at a character");
            assert!(text.ends_with("..."), "{}", text);
            assert!(text.len() > LINE_BYTES - 6 && text.len() <= LINE_BYTES);
        }
    }

    #[test]
    fn a_short_line_is_kept_and_joined() {
        let mut line = Line::new();
        line.push(format_args!("{}\n{}", 1, "two"));
        assert_eq!(line.as_bytes(), b"1\ntwo");
        line.join();
        assert_eq!(line.as_bytes(), b"1 two");
    }
}
