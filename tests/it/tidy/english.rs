//! Prose is in plain words, and no line of it is too wide to read.

use super::source::{Source, root};
use std::fs;

/// Longer lines of prose cannot be read beside anything else.
const MOST_COLUMNS: usize = 120;

/// Words that a reader would have to look up, and what is said in their place.
const UNUSUAL: &[(&str, &str)] = &[
    ("amid", "during"),
    ("anew", "again"),
    ("dear", "expensive"),
    ("dearer", "more expensive"),
    ("dearest", "most expensive"),
];

#[test]
fn no_line_of_prose_is_too_wide() {
    let wide = "a ".repeat(61);
    assert_eq!(wide_lines(&wide), [wide.as_str()]);
    assert_eq!(
        wide_lines(&format!("| {wide}\n```\n{wide}\n```\n[a.md]: {wide}")),
        [""; 0]
    );
    for (path, text) in documents() {
        assert_eq!(wide_lines(&text), [""; 0], "{path}");
    }
}

#[test]
fn documents_and_comments_use_the_usual_words() {
    assert_eq!(
        unusual("made anew, and dearer"),
        ["anew: again", "dearer: more expensive"]
    );
    let comments = Source::all().into_iter().map(|source| {
        let comments = source
            .text
            .lines()
            .filter(|line| line.trim_start().starts_with("//"));
        (source.path.clone(), comments.collect::<Vec<_>>().join("\n"))
    });
    for (path, text) in documents().into_iter().chain(comments) {
        assert_eq!(unusual(&text), [""; 0], "{path}");
    }
}

/// Lines that are too wide, but for those of tables, code and definitions of links.
fn wide_lines(text: &str) -> Vec<&str> {
    let mut is_code = false;
    let is_wide = |line: &&str| {
        let starts = line.trim_start();
        is_code ^= starts.starts_with("```");
        let may_be =
            is_code || starts.starts_with('|') || starts.starts_with('[') && starts.contains("]: ");
        !may_be && line.chars().count() > MOST_COLUMNS
    };
    text.lines().filter(is_wide).collect()
}

/// What `text` has of unusual words, and the usual ones.
fn unusual(text: &str) -> Vec<String> {
    let words: Vec<_> = text
        .split(|c: char| !c.is_alphabetic())
        .map(str::to_lowercase)
        .collect();
    let is_there = |(word, _): &&(&str, &str)| words.iter().any(|other| other == word);
    UNUSUAL
        .iter()
        .filter(is_there)
        .map(|(word, usual)| format!("{word}: {usual}"))
        .collect()
}

/// What people read, by its path.
fn documents() -> Vec<(String, String)> {
    let pages = fs::read_dir(root().join("docs"))
        .expect("the folder is there")
        .filter_map(|entry| {
            let name = entry
                .expect("it can be listed")
                .file_name()
                .into_string()
                .ok()?;
            name.ends_with(".md").then(|| format!("docs/{name}"))
        });
    let others = [
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "guest-abi/README.md",
    ];
    let paths = pages.chain(others.map(str::to_owned));
    paths
        .map(|path| (path.clone(), Source::read(&path).text))
        .collect()
}
