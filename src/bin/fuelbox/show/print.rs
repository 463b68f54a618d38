//! Writes what is whole to standard output and error; [`stream`](crate::show::stream) passes on the rest.
//!
//! What goes to a terminal is escaped: names, messages and output come from the guest.

use crate::{
    exit,
    explanation::Explanation,
    failure::Failure,
    show::style::{self, Style},
};
use std::io::{self, ErrorKind, IsTerminal, Write};

/// How many characters of a line are shown: guests decide how long names and types are.
const SHOWN_CHARS: usize = 400;

/// Writes a document or results to standard output: byte for byte, but escaped where that is a terminal.
///
/// # Errors
/// [`Failure::Write`]; a reader that has closed the pipe is not an error.
pub(crate) fn output(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    let written = if stdout.is_terminal() {
        let mut shown = visible(&String::from_utf8_lossy(bytes));
        if !shown.is_empty() && !shown.ends_with('\n') {
            // What follows on standard error begins a line of its own.
            shown.push('\n');
        }
        stdout.write_all(shown.as_bytes())
    } else {
        stdout.write_all(bytes)
    };
    match written.and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Write {
            path: "standard output".to_owned(),
            error,
        }),
        _ => Ok(()),
    }
}

/// Writes a text of the program's own to standard output; returns the exit code.
pub(crate) fn text(text: &str) -> u8 {
    match output(visible(text).as_bytes()) {
        Ok(()) => exit::FINISHED,
        Err(failure) => {
            message(&failure.to_string());
            exit::HOST
        }
    }
}

/// Writes a text of the program's own that is harmless already and may have colours; returns the exit code.
pub(crate) fn help(text: &str) -> u8 {
    let mut stdout = io::stdout().lock();
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => exit::HOST,
        _ => exit::FINISHED,
    }
}

/// Says what went wrong in the program's own work, on one line.
pub(crate) fn message(text: &str) {
    said("fuelbox:", Style::Wrong, text);
}

/// Says how it went on one line, and what to change on another.
pub(crate) fn explanation(explanation: &Explanation, style: Style) {
    said("fuelbox:", style, &explanation.what);
    if let Some(change) = &explanation.change {
        said("try:", Style::Change, change);
    }
}

fn said(who: &str, style: Style, text: &str) {
    let who = style::styled(who, style, style::on_stderr());
    error_lines(&format!("{who} "), &text.replace('\n', "\\n"), SHOWN_CHARS);
}

/// Writes lines to standard error, each cut to what is worth showing.
pub(crate) fn lines(text: &str) {
    error_lines("", text, SHOWN_CHARS);
}

/// Writes lines to standard error whole.
pub(crate) fn whole_lines(text: &str) {
    error_lines("", text, usize::MAX);
}

/// Each line after `start`, which may have colours.
fn error_lines(start: &str, text: &str, most_chars: usize) {
    let mut shown = String::new();
    for line in text.lines() {
        shown.push_str(start);
        let line = visible(line);
        shown.extend(line.chars().take(most_chars));
        if line.chars().nth(most_chars).is_some() {
            shown.push_str("...");
        }
        shown.push('\n');
    }
    // Where standard error is closed, nobody can be told.
    let _ = io::stderr().lock().write_all(shown.as_bytes());
}

/// The text with everything escaped that could drive a terminal or does not show.
///
/// Backslashes stay, so that what was escaped before comes out the same.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' | '\\' | '\'' | '"' => shown.push(c),
            c => shown.extend(c.escape_debug()),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_drives_a_terminal_is_escaped_once() {
        let shown = visible("a\x1b[2J\r\u{9b}\u{202e}\\ 'é'\n");
        assert_eq!(shown, "a\\u{1b}[2J\\r\\u{9b}\\u{202e}\\ 'é'\n");
        assert_eq!(visible(&shown), shown);
    }
}
