//! Our own files, read as far as the rules need it: by lines and words, not by grammar.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "files of ours are short; a test may panic"
)]

use std::{collections::BTreeSet, fs, path::Path};

/// Folders with Rust of ours.
const FOLDERS: &[&str] = &[
    "src",
    "tests",
    "benches",
    "examples",
    "fuzz",
    "guest-abi",
    "memory",
    ".ci/counts/src",
    ".ci/profiles/src",
];

/// One file of ours, by its path from the root of the project.
pub(super) struct Source {
    pub(super) path: String,
    pub(super) text: String,
}

impl Source {
    /// The file at `path` under the root of the project.
    pub(super) fn read(path: &str) -> Self {
        let text = fs::read_to_string(root().join(path)).expect("the file can be read");
        Self {
            path: path.to_string(),
            text,
        }
    }

    /// All Rust of ours.
    pub(super) fn all() -> Vec<Self> {
        let mut sources = Vec::new();
        for folder in FOLDERS {
            collect(folder, &mut sources, &|path| path.ends_with(".rs"));
        }
        sources
    }

    /// All files of ours that may have comments: Rust, manifests, guests as text, and scripts.
    pub(super) fn with_comments() -> Vec<Self> {
        let endings = [".rs", ".toml", ".wat"];
        let has_comments = |path: &str| {
            let is_known = endings.iter().any(|ending| path.ends_with(ending));
            is_known || is_script(path)
        };
        let mut sources: Vec<_> = ["Cargo.toml", "clippy.toml", "deny.toml"]
            .map(Self::read)
            .into();
        for folder in FOLDERS.iter().copied().chain([".cargo", ".ci"]) {
            collect(folder, &mut sources, &has_comments);
        }
        sources
    }
}

/// Whether the first line of a file says which shell runs it.
fn is_script(path: &str) -> bool {
    fs::read_to_string(root().join(path)).is_ok_and(|text| text.starts_with("#!"))
}

/// The names of all tests.
pub(super) fn tests() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for source in Source::all() {
        for rest in source.text.split("#[test]").skip(1) {
            let Some((_, rest)) = rest.split_once("fn ") else {
                continue;
            };
            names.extend(first_word(rest).map(str::to_owned));
        }
    }
    names
}

/// The text without its comments.
pub(super) fn code(text: &str) -> String {
    text.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// The first names after each path that begins with `root`, with or without braces.
pub(super) fn paths<'a>(code: &'a str, root: &str) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::new();
    for rest in code.split(root).skip(1) {
        let Some(list) = rest.strip_prefix('{') else {
            names.extend(first_word(rest));
            continue;
        };
        let (mut depth, mut start) = (1, 0);
        for (at, c) in list.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 || (depth == 1 && c == ',') {
                names.extend(first_word(&list[start..at]));
                start = at + 1;
            }
            if depth == 0 {
                break;
            }
        }
    }
    names
}

/// The heads of public items, each in one line: up to its block, or to its end.
pub(super) fn heads(code: &str) -> impl Iterator<Item = String> {
    code.lines()
        .enumerate()
        .filter(|(_, line)| line.trim_start().starts_with("pub "))
        .map(|(at, line)| {
            if ["fn ", "trait "].iter().any(|word| line.contains(word)) {
                head_at(code, at)
            } else {
                line.trim().to_string()
            }
        })
}

/// The heads of implementations, each in one line: what they are of, and under which bounds.
pub(super) fn impl_heads(code: &str) -> impl Iterator<Item = String> {
    code.lines()
        .enumerate()
        .filter(|(_, line)| {
            let line = line.trim_start();
            line.starts_with("impl ") || line.starts_with("impl<")
        })
        .map(|(at, _)| head_at(code, at))
}

/// Trait and type of the head of an implementation, without what is named by a path of the interpreter.
pub(super) fn subject(head: &str) -> String {
    let mut depth = 0;
    let generics = head.strip_prefix("impl<").map_or(0, |rest| {
        let end = rest.find(|c| {
            depth += i32::from(c == '<') - i32::from(c == '>');
            depth < 0
        });
        end.map_or(0, |end| "impl<".len() + end)
    });
    let subject = head[generics..].split(" where ").next().unwrap_or_default();
    let ours = subject
        .split_whitespace()
        .filter(|word| !word.starts_with("wasmi"));
    ours.collect::<Vec<_>>().join(" ")
}

/// What begins at a line, up to its block or its end.
fn head_at(code: &str, line: usize) -> String {
    let rest: Vec<_> = code.lines().skip(line).map(str::trim).collect();
    let rest = rest.join(" ");
    rest[..rest.find(['{', ';']).unwrap_or(rest.len())].to_string()
}

/// The names that other crates know: what the crate and its public module re-export.
pub(super) fn exported() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for root in ["src/lib.rs", "src/capability/mod.rs"] {
        let text = code(&Source::read(root).text);
        for rest in text.split("pub use ").skip(1) {
            let list = &rest[..rest.find(';').unwrap_or(rest.len())];
            names.extend(words(list).into_iter().map(str::to_owned));
        }
        for head in heads(&text).filter(|head| head.contains("trait ")) {
            names.extend(words(&head).get(2).map(|name| (*name).to_owned()));
        }
    }
    names
}

/// Whether `word` stands in `line` as a word or as the start of a path, outside of quoted text.
pub(super) fn is_used(line: &str, word: &str) -> bool {
    let unquoted: String = line.split('"').step_by(2).collect();
    unquoted.match_indices(word).any(|(at, _)| {
        !unquoted[..at].ends_with(is_of_word)
            && !unquoted[at + word.len()..].starts_with(is_of_word)
    })
}

pub(super) fn first_word(text: &str) -> Option<&str> {
    words(text).first().copied()
}

pub(super) fn words(text: &str) -> Vec<&str> {
    text.split(|c| !is_of_word(c))
        .filter(|word| !word.is_empty())
        .collect()
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Adds the files in a folder and below whose paths are wanted, without what is built.
fn collect(folder: &str, sources: &mut Vec<Source>, is_wanted: &dyn Fn(&str) -> bool) {
    let Ok(entries) = fs::read_dir(root().join(folder)) else {
        return;
    };
    for entry in entries {
        let entry = entry.expect("the folder can be read");
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            if !path.ends_with("/target") {
                collect(&path, sources, is_wanted);
            }
        } else if is_wanted(&path) {
            sources.push(Source::read(&path));
        }
    }
}

pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
