//! Prose is in plain words, and no line of it is too wide to read: in documents and in comments.

use super::source::{Source, root};
use std::fs;

/// Longer lines of prose cannot be read beside anything else.
const MOST_COLUMNS: usize = 120;

/// What a reader would have to look up or to read twice, and what is said in its place.
const UNUSUAL: &[(&str, &str)] = &[
    ("amid", "during"),
    ("amiss", "wrong"),
    ("anew", "again"),
    ("bears", "has"),
    ("came of", "did"),
    ("chance", "random"),
    ("dear", "expensive"),
    ("dearer", "more expensive"),
    ("dearest", "most expensive"),
    ("ere", "before"),
    ("for want of", "because of a lack of"),
    ("heed", "follow"),
    ("heeded", "followed"),
    ("hence", "so"),
    ("hitherto", "until now"),
    ("in vain", "without effect"),
    ("lest", "so that not"),
    ("nought", "nothing"),
    ("thence", "from there"),
    ("thither", "there"),
    ("was not held", "was not contained"),
];

#[test]
fn no_line_of_prose_is_too_wide() {
    let wide = "a ".repeat(61);
    let seen = |path: &str, text: &str| wide_lines(&prose(path, text)).len();
    assert_eq!(seen("a.md", &wide), 1);
    let of_others = format!("| {wide}\n```\n{wide}\n```\n[a.md]: {wide}");
    assert_eq!(seen("a.md", &of_others), 0);
    for (path, marker) in [("a.rs", "//"), ("a.rs", "    ///"), ("a.rs", "//!")] {
        assert_eq!(seen(path, &format!("{marker} {wide}")), 1, "{marker}");
        assert_eq!(seen(path, &format!("{marker} | {wide}")), 0, "{marker}");
    }
    assert_eq!(seen("a.wat", &format!(";; {wide}")), 1);
    assert_eq!(seen("a.toml", &format!("# {wide}\n{wide}")), 1);
    assert_eq!(seen(".ci/a", &format!("    # {wide}")), 1);
    let address = format!("// https://{}", "a".repeat(120));
    assert_eq!(seen("a.rs", &address), 0);

    let wide = |Source { path, text }: &Source| {
        let lines = wide_lines(&prose(path, text));
        let lines = lines.iter().map(|line| format!("{path}: {line}"));
        lines.collect::<Vec<_>>()
    };
    assert_eq!(everywhere(wide), [""; 0]);
}

#[test]
fn documents_comments_and_messages_use_the_usual_words() {
    assert_eq!(
        unusual("made anew, and_dearer"),
        ["anew: again", "dearer: more expensive"]
    );
    let breaches = |Source { path, text }: &Source| {
        // This file has to name them.
        let is_list = path == "tests/it/tidy/english.rs";
        let unusual = unusual(text).into_iter().filter(|_| !is_list);
        let breaches = unusual.map(|words| format!("{path}: {words}"));
        breaches.collect::<Vec<_>>()
    };
    assert_eq!(everywhere(breaches), [""; 0]);
}

/// What a rule finds in all documents and in all files that may have comments.
fn everywhere(rule: impl Fn(&Source) -> Vec<String>) -> Vec<String> {
    let sources = documents().into_iter().chain(Source::with_comments());
    sources.flat_map(|source| rule(&source)).collect()
}

/// The lines of prose that a file has, whole, each with the prose in it: all of a document, else the comments.
fn prose<'a>(path: &str, text: &'a str) -> Vec<(&'a str, &'a str)> {
    let (_, ending) = path.rsplit_once('.').unwrap_or_default();
    let markers: &[&str] = match ending {
        "md" => return text.lines().map(|line| (line, line)).collect(),
        "rs" => &["//!", "///", "//"],
        "wat" => &[";;"],
        _ => &["#"],
    };
    let prose = |line: &'a str| {
        let start = line.trim_start();
        markers.iter().find_map(|marker| start.strip_prefix(marker))
    };
    let lines = text.lines();
    lines
        .filter_map(|line| Some((line, prose(line)?)))
        .collect()
}

/// Lines that are too wide, except those of tables, code, addresses and definitions of links.
fn wide_lines<'a>(prose: &[(&'a str, &'a str)]) -> Vec<&'a str> {
    let mut is_code = false;
    let is_wide = |(line, prose): &&(&str, &str)| {
        let starts = prose.trim_start();
        is_code ^= starts.starts_with("```");
        let is_link = starts.starts_with('[') && starts.contains("]: ");
        let is_address = starts.starts_with("http") && !starts.contains(' ');
        let may_be = is_code || is_link || is_address || starts.starts_with('|');
        !may_be && line.chars().count() > MOST_COLUMNS
    };
    let wide = prose.iter().filter(is_wide);
    wide.map(|(line, _)| *line).collect()
}

/// What `text` has of unusual words, those in names too, and the usual ones.
fn unusual(text: &str) -> Vec<String> {
    let words: Vec<_> = text
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let text = format!(" {} ", words.join(" "));
    let is_there = |(words, _): &&(&str, &str)| text.contains(&format!(" {words} "));
    UNUSUAL
        .iter()
        .filter(is_there)
        .map(|(words, usual)| format!("{words}: {usual}"))
        .collect()
}

/// What people read who do not read the code.
fn documents() -> Vec<Source> {
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
        "fuzz/README.md",
        "guest-abi/README.md",
        "memory/README.md",
    ];
    let paths = pages.chain(others.map(str::to_owned));
    paths.map(|path| Source::read(&path)).collect()
}
