//! Guest text on its way to a person: escaped and cut, so that it can neither drive a terminal nor
//! hide what is shown beside it.

use alloc::borrow::Cow;
use core::fmt;

/// How many characters of a guest's name are shown; the names people write are shorter.
const SHOWN_CHARS: usize = 96;

/// Shows guest text whole, with control characters and anything invisible escaped as in Rust.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| write_escaped(f, c))
    }
}

/// Shows a guest's name: escaped, and cut after [`SHOWN_CHARS`] characters.
pub(crate) struct Name<'a>(pub(crate) &'a str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut chars = self.0.chars();
        for c in chars.by_ref().take(SHOWN_CHARS) {
            write_escaped(f, c)?;
        }
        if chars.next().is_some() {
            f.write_str("...")?;
        }
        Ok(())
    }
}

impl<'a> From<&'a Cow<'static, str>> for Name<'a> {
    fn from(name: &'a Cow<'static, str>) -> Self {
        Self(name)
    }
}

fn write_escaped(f: &mut fmt::Formatter<'_>, c: char) -> fmt::Result {
    // Quotes are harmless, and escaped they are hard to read.
    match c {
        '\'' | '"' => fmt::Write::write_char(f, c),
        c => write!(f, "{}", c.escape_debug()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, string::ToString};

    #[test]
    fn what_drives_a_terminal_is_escaped() {
        let shown = Escaped("a\x1b[2J\rb\u{9b}31m\n\"é\"").to_string();
        assert_eq!(shown, "a\\u{1b}[2J\\rb\\u{9b}31m\\n\"é\"");
    }

    #[test]
    fn long_names_are_cut() {
        let shown = format!("{}", Name(&"x".repeat(100_000)));
        assert_eq!(shown.len(), SHOWN_CHARS + 3);
    }
}
