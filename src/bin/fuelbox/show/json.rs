//! The documents of `--json` and `--report`.

use crate::{explanation::Explanation, failure::Failure};
use fuelbox::{Error, Report};
use fuelbox_observe::Place;
use serde::Serialize;

/// What every document begins with, and what it is about.
#[derive(Serialize)]
struct Document<'a, T> {
    code: &'a str,
    message: &'a str,
    /// What to change, as a flag of the program.
    advice: Option<&'a str>,
    #[serde(flatten)]
    body: T,
}

/// Why there is no report.
#[derive(Serialize)]
struct Refusal<'a> {
    error: Option<&'a Error>,
}

/// What happened, and where in its code the guest stopped.
#[derive(Serialize)]
struct Run<'a> {
    #[serde(flatten)]
    report: &'a Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    backtrace: Option<Vec<Frame<'a>>>,
}

/// A function that the guest was in.
#[derive(Serialize)]
struct Frame<'a> {
    /// Its place among all of them, from 0 for the innermost.
    number: usize,
    function: u32,
    name: Option<&'a str>,
    offset: u64,
    lines: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    function: Option<&'a str>,
    file: Option<&'a str>,
    line: Option<u32>,
    column: Option<u32>,
}

/// The document of a run, with the numbered places that it stopped at, if these were asked for.
pub(crate) fn report<'a>(
    report: &Report,
    explanation: &Explanation,
    backtrace: Option<impl Iterator<Item = (usize, &'a Place)>>,
) -> String {
    let run = Run {
        report,
        backtrace: backtrace.map(|places| places.map(frame).collect()),
    };
    document(report.outcome.code(), explanation, run)
}

fn frame((number, place): (usize, &Place)) -> Frame<'_> {
    let lines = place.lines.iter().map(|line| Line {
        function: line.function.as_deref(),
        file: line.file.as_deref(),
        line: line.line,
        column: line.column,
    });
    Frame {
        number,
        function: place.function,
        name: place.name.as_deref(),
        offset: place.offset,
        lines: lines.collect(),
    }
}

/// The document of a run that did not begin.
pub(crate) fn failure(failure: &Failure, explanation: &Explanation) -> String {
    let error = match failure {
        Failure::Refused { error, .. } => Some(&**error),
        _ => None,
    };
    document(failure.code(), explanation, Refusal { error })
}

/// One line: `code`, `message` and `advice`, then the fields of `body`.
pub(crate) fn document(code: &str, explanation: &Explanation, body: impl Serialize) -> String {
    let document = Document {
        code,
        message: &explanation.what,
        advice: explanation.change.as_deref(),
        body,
    };
    let text = serde_json::to_string(&document).expect("every key is a string");
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        push_harmless(&mut shown, c);
    }
    shown.push('\n');
    shown
}

/// JSON leaves alone what is beyond ASCII, some of which drives a terminal. Beyond ASCII there are only
/// strings, where a character and its escape mean the same.
fn push_harmless(shown: &mut String, c: char) {
    let is_shown = if c.is_ascii() {
        c != '\u{7f}'
    } else {
        c.escape_debug().count() == 1
    };
    if is_shown {
        shown.push(c);
        return;
    }
    for unit in c.encode_utf16(&mut [0; 2]) {
        shown.push_str(&format!("\\u{unit:04x}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn a_document_is_printable_and_says_the_same() {
        let text = "\u{7f}\u{9b}2J\u{202e}\u{e0001}\x1b\"é\n";
        let explanation = Explanation {
            what: text.to_owned(),
            change: None,
        };
        let shown = document("code", &explanation, Refusal { error: None });
        assert!(
            shown
                .trim_end()
                .chars()
                .all(|c| c == 'é' || matches!(c, ' '..='~'))
        );
        let read: Value = serde_json::from_str(&shown).expect("it is JSON");
        assert_eq!(read["message"], text);
    }
}
