//! The house stays in order: who may import whom, where the doors are, how long a file may be.
//!
//! Each rule is shown a breach of itself first, so that none of them is blind.

use std::{collections::BTreeSet, fs, path::Path};

/// The modules of the crate in the order data flows: each may import those before it, and itself.
const ORDER: &[&str] = &[
    "text",
    "blame",
    "clock",
    "guard",
    "json",
    "proposal",
    "limits",
    "value",
    "extern_type",
    "stop",
    "error",
    "report",
    "module",
    "host",
    "capability",
    "execution",
    "sandbox",
];

/// Words of code, and where alone they may stand.
const DOORS: &[(&str, &[&str])] = &[
    ("Instant", &["src/clock.rs"]),
    ("SystemTime", &["src/clock.rs"]),
    ("std::time", &["src/clock.rs", "src/bin/"]),
    ("std::fs", &["src/bin/"]),
    ("std::env", &["src/bin/"]),
    ("std::io", &["src/bin/"]),
    ("std::net", &[]),
    ("std::process", &["src/bin/"]),
    ("wasmi", INTERPRETER),
    ("wasmi_core", INTERPRETER),
    ("wasmparser", &["src/module/"]),
];

const INTERPRETER: &[&str] = &[
    "src/module/",
    "src/host/",
    "src/capability/",
    "src/execution/",
];

/// What stands for work that is not done, or for a lint that nobody gave a reason against.
const UNFINISHED: &[&str] = &[
    "todo!",
    "unimplemented!",
    "TODO",
    "FIXME",
    "XXX",
    "#[allow(",
    "#![allow(",
];

/// Folders with Rust of ours.
const FOLDERS: &[&str] = &[
    "src",
    "tests",
    "benches",
    "examples",
    "guest-abi",
    ".ci/profiles/src",
];

const MOST_LINES: usize = 400;

/// One file of ours, by its path from the root of the project.
struct Source {
    path: String,
    text: String,
}

#[test]
fn imports_point_one_way() {
    seen(imports, "src/value.rs", "use crate::module::Module;");
    seen(
        imports,
        "src/text.rs",
        "use crate::{\n    blame::Blame,\n    stop::{Stop, Trap},\n};",
    );
    seen(imports, "src/host/mod.rs", "fn f() { crate::sandbox::g() }");
    seen(imports, "src/host/mod.rs", "use crate::Stop;");
    seen(imports, "src/host/meter.rs", "use super::super::sandbox;");
    seen(imports, "src/value.rs", "use super::module;");
    seen(imports, "src/novelty.rs", "");
    holds(imports);
}

#[test]
fn what_lies_outside_is_reached_through_its_door() {
    seen(doors, "src/report.rs", "use std::time::Duration;");
    seen(doors, "src/bin/fuelbox/run.rs", "let now = Instant::now();");
    seen(doors, "src/value.rs", "fn f(value: wasmi::Val) {}");
    seen(doors, "src/sandbox.rs", "use wasmi::Store;");
    seen(doors, "src/host/mod.rs", "wasmparser::Parser::new(0)");
    holds(doors);
}

#[test]
fn the_public_api_names_no_type_of_the_interpreter() {
    seen(foreign, "src/lib.rs", "pub use wasmi::Val;");
    seen(
        foreign,
        "src/host/caller.rs",
        "pub fn memory(\n    &self,\n) -> Option<wasmi::Memory> {",
    );
    seen(
        foreign,
        "src/host/caller.rs",
        "use wasmi::{AsContext, Memory};\npub fn memory(&self) -> Memory {",
    );
    seen(
        foreign,
        "src/host/caller.rs",
        "pub struct A {\n    pub inner: wasmi::Memory,\n}",
    );
    holds(foreign);
}

#[test]
fn no_file_is_too_long_to_read() {
    seen(length, "src/long.rs", &"\n".repeat(MOST_LINES + 1));
    holds(length);
}

#[test]
fn nothing_is_left_undone_or_unreasoned() {
    for word in UNFINISHED {
        seen(unfinished, "src/value.rs", word);
    }
    holds(unfinished);
}

#[test]
fn there_is_no_unsafe_code() {
    let lib = source("src/lib.rs");
    assert!(lib.text.contains("#![forbid(unsafe_code)]"));
}

/// Imports against the order.
fn imports(source: &Source) -> Vec<String> {
    let Some(own) = top_module(&source.path) else {
        return Vec::new();
    };
    let Some(rank) = rank(own) else {
        return vec![format!("{own} has no place in ORDER")];
    };
    let code = code(&source.text);
    let mut breaches: Vec<_> = crate_paths(&code)
        .into_iter()
        .filter(|name| self::rank(name).is_none_or(|other| other > rank))
        .map(|name| format!("{own} imports {name}"))
        .collect();
    // `super` is the whole crate there.
    let is_top =
        source.path == format!("src/{own}.rs") || source.path == format!("src/{own}/mod.rs");
    let goes_up = is_top && code.lines().any(|line| line.starts_with("use super::"));
    if goes_up || code.contains("super::super") {
        breaches.push("imports by way of super what crate:: should name".to_string());
    }
    breaches
}

/// Words that stand where they may not.
fn doors(source: &Source) -> Vec<String> {
    if !source.path.starts_with("src/") {
        return Vec::new();
    }
    let code = code(&source.text);
    DOORS
        .iter()
        .filter(|(_, places)| !places.iter().any(|place| source.path.starts_with(place)))
        .filter(|(word, _)| code.lines().any(|line| is_used(line, word)))
        .map(|(word, places)| format!("{word} belongs to {places:?}"))
        .collect()
}

/// Public items whose head names the interpreter, in full or imported.
fn foreign(source: &Source) -> Vec<String> {
    if !source.path.starts_with("src/") {
        return Vec::new();
    }
    let code = code(&source.text);
    let imported: Vec<_> = code
        .split("use wasmi")
        .skip(1)
        .flat_map(|rest| {
            let end = rest.find(';').unwrap_or(rest.len());
            words(&rest[..end])
        })
        .collect();
    let is_foreign = |head: &str| {
        head.contains("wasmi") || words(head).iter().any(|word| imported.contains(word))
    };
    heads(&code)
        .filter(|head| is_foreign(head))
        .map(|head| format!("public: {head}"))
        .collect()
}

fn length(source: &Source) -> Vec<String> {
    match source.text.lines().count() {
        lines if lines > MOST_LINES => vec![format!("{lines} lines, {MOST_LINES} are allowed")],
        _ => Vec::new(),
    }
}

fn unfinished(source: &Source) -> Vec<String> {
    // This file has to name them.
    if source.path == "tests/it/tidy.rs" {
        return Vec::new();
    }
    UNFINISHED
        .iter()
        .filter(|word| source.text.contains(*word))
        .map(|word| (*word).to_string())
        .collect()
}

/// Asserts that a rule finds no breach in any of our files.
fn holds(rule: fn(&Source) -> Vec<String>) {
    let mut sources = Vec::new();
    for folder in FOLDERS {
        collect(folder, &mut sources);
    }
    assert!(sources.len() > 40, "only {} files", sources.len());
    let breaches: Vec<_> = sources
        .iter()
        .flat_map(|source| {
            rule(source)
                .into_iter()
                .map(|breach| format!("{}: {breach}", source.path))
        })
        .collect();
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

/// Asserts that a rule finds the breach it is shown.
fn seen(rule: fn(&Source) -> Vec<String>, path: &str, text: &str) {
    let source = Source {
        path: path.to_string(),
        text: text.to_string(),
    };
    assert!(!rule(&source).is_empty(), "not seen in {path}: {text}");
}

fn collect(folder: &str, sources: &mut Vec<Source>) {
    let Ok(entries) = fs::read_dir(root().join(folder)) else {
        return;
    };
    for entry in entries {
        let entry = entry.expect("the folder can be read");
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            if !path.ends_with("/target") {
                collect(&path, sources);
            }
        } else if path.ends_with(".rs") {
            sources.push(source(&path));
        }
    }
}

fn source(path: &str) -> Source {
    let text = fs::read_to_string(root().join(path)).expect("the file can be read");
    Source {
        path: path.to_string(),
        text,
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The module of the crate's root that a file belongs to; none for the root itself, the program, and
/// what is not under src.
fn top_module(path: &str) -> Option<&str> {
    let path = path.strip_prefix("src/")?;
    let name = path.split(['/', '.']).next()?;
    (!["lib", "bin"].contains(&name)).then_some(name)
}

fn rank(module: &str) -> Option<usize> {
    ORDER.iter().position(|other| *other == module)
}

/// The text without its comments.
fn code(text: &str) -> String {
    text.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// The first names behind each `crate::`, with or without braces.
fn crate_paths(code: &str) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
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
fn heads(code: &str) -> impl Iterator<Item = String> {
    code.lines()
        .enumerate()
        .filter(|(_, line)| line.trim_start().starts_with("pub "))
        .map(|(at, line)| {
            if !line.contains("fn ") {
                return line.trim().to_string();
            }
            let rest: Vec<_> = code.lines().skip(at).map(str::trim).collect();
            let rest = rest.join(" ");
            rest[..rest.find(['{', ';']).unwrap_or(rest.len())].to_string()
        })
}

/// Whether `word` stands in `line` as a word or as the start of a path, outside of quoted text.
fn is_used(line: &str, word: &str) -> bool {
    let unquoted: String = line.split('"').step_by(2).collect();
    unquoted.match_indices(word).any(|(at, _)| {
        !unquoted[..at].ends_with(is_of_word)
            && !unquoted[at + word.len()..].starts_with(is_of_word)
    })
}

fn first_word(text: &str) -> Option<&str> {
    words(text).first().copied()
}

fn words(text: &str) -> Vec<&str> {
    text.split(|c| !is_of_word(c))
        .filter(|word| !word.is_empty())
        .collect()
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
