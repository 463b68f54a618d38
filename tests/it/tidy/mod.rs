//! The house stays in order: who may import whom, where the doors are, how long a file may be.
//!
//! Each rule is shown a breach of itself first, so that none of them is blind.

mod documents;
mod english;
mod examples;
mod imports;
mod links;
mod packages;
mod source;

use source::{Source, code, exported, heads, impl_heads, is_used, paths, subject, words};

/// Words of code, and where alone they may stand.
const DOORS: &[(&str, &[&str])] = &[
    ("Instant", &["src/clock.rs", "src/bin/fuelbox/stopwatch.rs"]),
    ("SystemTime", &["src/clock.rs", "src/dir/times.rs"]),
    ("std::time", &["src/clock.rs", "src/bin/"]),
    (
        "std::fs",
        &[
            "src/bin/",
            "src/dir/times.rs",
            "src/worker/confine/files.rs",
            SCRATCH,
        ],
    ),
    ("std::env", &["src/bin/", "src/worker/", SCRATCH]),
    ("std::io", &["src/bin/", "src/dir/", "src/worker/"]),
    ("cap_std", &["src/dir/"]),
    ("cap_fs_ext", &["src/dir/"]),
    ("std::net", &["src/worker/hostile.rs"]),
    ("rustix", &["src/worker/"]),
    ("landlock", &["src/worker/confine/files.rs"]),
    ("libc", &["src/worker/confine/calls.rs"]),
    ("seccompiler", &["src/worker/confine/calls.rs"]),
    ("std::process", &["src/bin/", "src/worker/", SCRATCH]),
    ("wasmi", INTERPRETER),
    ("wasmi_core", INTERPRETER),
    ("wasmparser", &["src/module/"]),
];

/// Where tests of directories get some.
const SCRATCH: &str = "src/dir/scratch.rs";

const INTERPRETER: &[&str] = &[
    "src/module/",
    "src/host/",
    "src/capability/",
    "src/instance/",
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

const MOST_LINES: usize = 400;

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
    seen(
        foreign,
        "src/host/halt.rs",
        "impl From<Halt> for wasmi::Error {",
    );
    seen(
        foreign,
        "src/host/halt.rs",
        "use wasmi_core::HostError;\nimpl HostError for Halt {",
    );
    seen(
        foreign,
        "src/capability/function.rs",
        "impl<A, R> HostFunction<(A,)> for F\nwhere\n    A: wasmi::WasmTy,\n{",
    );
    seen(
        foreign,
        "src/value.rs",
        "pub trait Results:\n    wasmi::WasmRet\n{",
    );
    let names = exported();
    for name in ["Halt", "HostFunction", "Capability", "Module"] {
        assert!(names.contains(name), "{names:?}");
    }
    holds(foreign);
}

#[test]
fn the_self_test_uses_the_crate_as_its_users_do() {
    seen(
        inward,
        "src/selftest/cancel.rs",
        "use crate::host::CancelToken;",
    );
    seen(
        inward,
        "src/selftest/cancel.rs",
        "use fuelbox::{\n    Error,\n    instance::Setup,\n};",
    );
    seen(inward, "src/selftest/judge.rs", "fuelbox::limits::nanos()");
    holds(inward);
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
    for root in ["src/lib.rs", "src/bin/fuelbox/main.rs"] {
        let text = Source::read(root).text;
        assert!(text.contains("#![forbid(unsafe_code)]"), "{root}");
    }
    seen(unsafe_code, "src/value.rs", "unsafe { f() }");
    seen(unsafe_code, "src/bin/fuelbox/run.rs", "    unsafe fn f();");
    holds(unsafe_code);
}

#[test]
fn workspaces_of_their_own_have_the_lints_of_the_project() {
    let ours = Source::read("Cargo.toml").text;
    for (manifest, table) in [
        ("fuzz/Cargo.toml", "workspace.lints"),
        ("fuzz/kit/aflplusplus/Cargo.toml", "lints"),
        ("fuzz/kit/libafl/Cargo.toml", "lints"),
        ("fuzz/kit/libfuzzer/Cargo.toml", "lints"),
    ] {
        let theirs = Source::read(manifest).text;
        for of in ["rust", "clippy"] {
            let lints = lints(&ours, "workspace.lints", of);
            assert!(lints.len() >= 4, "{lints:?}");
            assert_eq!(lints, self::lints(&theirs, table, of), "{manifest}");
        }
    }
}

/// The lints that a manifest sets in a table, as its lines are.
fn lints<'a>(manifest: &'a str, table: &str, of: &str) -> Vec<&'a str> {
    let heading = format!("[{table}.{of}]");
    let lines = manifest.lines().skip_while(|line| *line != heading);
    lines
        .skip(1)
        .take_while(|line| line.contains(" = "))
        .collect()
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

/// Public items and implementations of public names whose head names the interpreter, in full or imported.
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
    let exported = exported();
    let impls = impl_heads(&code).filter(|head| {
        let subject = subject(head);
        words(&subject).iter().any(|name| exported.contains(*name))
    });
    heads(&code)
        .chain(impls)
        .filter(|head| is_foreign(head))
        .map(|head| format!("public: {head}"))
        .collect()
}

/// What the self-test takes of the crate that others cannot have, but for the doors to time and to panics.
fn inward(source: &Source) -> Vec<String> {
    const DOORS: [&str; 3] = ["clock", "guard", "selftest"];
    const LOWER_CASE: [&str; 3] = ["capability", "protocol", "worker"];

    if !source.path.starts_with("src/selftest/") {
        return Vec::new();
    }
    let code = code(&source.text);
    let exported = exported();
    let is_type = |name: &str| name.starts_with(char::is_uppercase) && exported.contains(name);
    let ours = paths(&code, "crate::")
        .into_iter()
        .filter(|name| !DOORS.contains(name));
    let theirs = paths(&code, "fuelbox::")
        .into_iter()
        .filter(|name| !is_type(name) && !LOWER_CASE.contains(name));
    ours.chain(theirs)
        .map(|name| format!("{name} is not for users"))
        .collect()
}

fn length(source: &Source) -> Vec<String> {
    match source.text.lines().count() {
        lines if lines > MOST_LINES => vec![format!("{lines} lines, {MOST_LINES} are allowed")],
        _ => Vec::new(),
    }
}

/// The word, wherever it stands in code of the crate: the lint could be switched off for a file.
fn unsafe_code(source: &Source) -> Vec<String> {
    if !source.path.starts_with("src/") {
        return Vec::new();
    }
    code(&source.text)
        .lines()
        .filter(|line| is_used(line, "unsafe"))
        .map(|line| line.trim().to_string())
        .collect()
}

fn unfinished(source: &Source) -> Vec<String> {
    // The one door to unsafe code of the guest side, and Rust 1.63 has no `#[expect]`.
    if source.path == "guest-abi/src/lib.rs" {
        return Vec::new();
    }
    // This file has to name them.
    if source.path == "tests/it/tidy/mod.rs" {
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
    let sources = Source::all();
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
