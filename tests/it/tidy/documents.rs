//! What the documents must not leave out.

use super::source::{Source, code};

#[test]
fn every_limit_is_in_the_table_of_limits() {
    let source = code(&Source::read("src/limits.rs").text);
    let fields: Vec<_> = source
        .lines()
        .filter_map(|line| line.strip_prefix("    pub ")?.split_once(": "))
        .map(|(field, _)| field)
        .filter(|field| !field.contains(' '))
        .collect();
    assert!(fields.len() > 20, "{fields:?}");
    assert_eq!(missing(&fields, "docs/limits.md"), [""; 0]);
}

#[test]
fn every_code_is_in_the_table_of_codes() {
    let source = Source::read("src/error.rs").text + &Source::read("src/stop.rs").text;
    let codes: Vec<_> = source
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Self::")?.split_once("=> \""))
        .filter_map(|(_, code)| code.strip_suffix("\","))
        .collect();
    assert!(codes.len() > 35, "{codes:?}");
    assert_eq!(missing(&codes, "docs/codes.md"), [""; 0]);
}

/// The words that a document does not name, as code.
fn missing<'a>(words: &[&'a str], document: &str) -> Vec<&'a str> {
    let text = Source::read(document).text;
    let is_missing = |word: &&&str| !text.contains(&format!("`{word}`"));
    words.iter().filter(is_missing).copied().collect()
}
