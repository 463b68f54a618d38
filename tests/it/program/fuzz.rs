//! `fuelbox fuzz` finds inputs on which a guest fails, and keeps them so that they replay.

use super::{Folder, fuelbox};
use std::fs;

/// Wants `bug!` first, then divides by the byte that follows.
const PLANTED: &str = r#"(module
    (import "env" "host_read_input" (func $read (param i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func $fails (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0)))
    (func (export "execute") (param i32 i32) (result i32)
        (if (i32.ne (call $read (i32.const 0) (i32.const 64)) (local.get 1)) (then (return (i32.const 1))))
        (if (i32.eq (i32.load (i32.const 0)) (i32.const 0x21677562))
            (then (return (call $fails (i32.load8_u (i32.const 4))))))
        (i32.const 0)))"#;

/// The names of what is in a folder, in their order.
fn names(path: &str) -> Vec<String> {
    let entries = fs::read_dir(path).expect("the folder is there");
    let names = entries.map(|entry| entry.expect("it can be read").file_name());
    let mut names: Vec<String> = names
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn is_input(name: &str) -> bool {
    name.len() == 32
}

#[test]
fn a_find_is_an_input_and_a_recording_that_replays() {
    let folder = Folder::new("fuzz-finds");
    let module = folder.file("guest.wat", PLANTED);
    let corpus = folder.path("corpus");
    let search = [
        "fuzz", &module, "--allow", "protocol", "--corpus", &corpus, "--runs", "5000", "--seed",
        "3",
    ];
    let found = fuelbox(&search);
    assert_eq!(found.code, Some(14), "{found:?}");
    assert!(
        found
            .stderr
            .contains("found trap-integer-division-by-zero-"),
        "{found:?}"
    );
    assert!(found.stderr.contains("5,000 in "), "{found:?}");

    let finds = format!("{corpus}/finds");
    let names_of_finds = names(&finds);
    let recording = names_of_finds.iter().find(|name| name.ends_with(".fbrun"));
    let recording = format!("{finds}/{}", recording.expect("it is recorded"));
    let replay = fuelbox(&["replay", &recording, "--backtrace"]);
    assert_eq!(replay.code, Some(8), "{replay:?}");
    assert!(
        replay.stderr.contains("0: fails in guest.wat:4"),
        "{replay:?}"
    );
    assert!(
        names_of_finds.contains(&"slowest.input".to_owned()),
        "{names_of_finds:?}"
    );

    // The same again, in another folder.
    let other = folder.path("other");
    let again = fuelbox(&[
        "fuzz", &module, "--allow", "protocol", "--corpus", &other, "--runs", "5000", "--seed", "3",
    ]);
    assert_eq!(again.code, Some(14), "{again:?}");
    let inputs = |path: &str| {
        names(path)
            .into_iter()
            .filter(|name| is_input(name))
            .collect::<Vec<_>>()
    };
    assert_eq!(inputs(&corpus), inputs(&other));
    assert_eq!(names(&format!("{other}/finds")), names_of_finds);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the program writes files")]
fn a_corpus_and_finds_are_minimised() {
    let folder = Folder::new("fuzz-minimise");
    let module = folder.file("guest.wat", PLANTED);
    let corpus = folder.path("corpus");
    for (name, input) in [
        ("one", "anything"),
        ("two", "other"),
        ("three", "more"),
        ("find", "bug!\0 and much more"),
    ] {
        fs::create_dir_all(&corpus).expect("it can be made");
        folder.file(&format!("corpus/{name}"), input);
    }
    let search = [
        "fuzz", &module, "--allow", "protocol", "--corpus", &corpus, "--runs", "4",
    ];
    let found = fuelbox(&search);
    assert_eq!(found.code, Some(14), "{found:?}");
    let minimised = fuelbox(&[
        "fuzz",
        &module,
        "--allow",
        "protocol",
        "--corpus",
        &corpus,
        "--minimize",
    ]);
    assert_eq!(minimised.code, Some(0), "{minimised:?}");
    assert!(
        minimised.stderr.contains("2 inputs left, 5 removed"),
        "{minimised:?}"
    );
    assert!(
        minimised.stderr.contains(".input: 19 bytes became "),
        "{minimised:?}"
    );
    let finds = format!("{corpus}/finds");
    let input = names(&finds)
        .into_iter()
        .find(|name| name.starts_with("trap-") && name.ends_with(".input"));
    let input =
        fs::read(format!("{finds}/{}", input.expect("it is there"))).expect("it can be read");
    assert_eq!(input, b"bug!");
}

#[test]
fn a_guest_of_wasi_gets_its_input_on_standard_input() {
    let folder = Folder::new("fuzz-wasi");
    let module = folder.file(
        "guest.wat",
        r#"(module
        (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "_start")
            (i32.store (i32.const 0) (i32.const 100)) (i32.store (i32.const 4) (i32.const 64))
            (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
            (if (i32.eq (i32.load (i32.const 100)) (i32.const 0x21677562)) (then (unreachable)))))"#,
    );
    let corpus = folder.path("corpus");
    let found = fuelbox(&[
        "fuzz", &module, "--allow", "wasi", "--corpus", &corpus, "--runs", "2000", "--seed", "1",
    ]);
    assert_eq!(found.code, Some(14), "{found:?}");
    assert!(!found.stderr.contains("remade"), "{found:?}");
    let finds = format!("{corpus}/finds");
    let kept = names(&finds);
    let one = |end: &str| {
        let name = kept
            .iter()
            .find(|name| name.starts_with("trap-unreachable-") && name.ends_with(end));
        format!("{finds}/{}", name.expect("it is kept"))
    };
    let input = fs::read_to_string(one(".input")).expect("it can be read");
    assert!(input.starts_with("bug!"), "{input:?}");
    let replay = fuelbox(&["replay", &one(".fbrun")]);
    assert_eq!(replay.code, Some(8), "{replay:?}");
}

#[test]
fn nothing_is_found_where_nothing_fails() {
    let folder = Folder::new("fuzz-nothing");
    let module = folder.file("guest.wat", r#"(module (func (export "_start")))"#);
    let corpus = folder.path("corpus");
    let found = fuelbox(&["fuzz", &module, "--corpus", &corpus, "--runs", "300"]);
    assert_eq!(found.code, Some(0), "{found:?}");
    assert!(found.stderr.contains("finds      0 in"), "{found:?}");
    let quiet = fuelbox(&["fuzz", "-q", &module, "--corpus", &corpus, "--runs", "300"]);
    assert_eq!((quiet.code, quiet.stderr.as_str()), (Some(0), ""));
}

#[test]
fn what_cannot_be_fuzzed_is_refused_before_the_search() {
    let folder = Folder::new("fuzz-refused");
    let module = folder.file("guest.wat", PLANTED);
    let corpus = folder.path("corpus");
    let denied = fuelbox(&["fuzz", &module, "--corpus", &corpus, "--runs", "3"]);
    assert_eq!(denied.code, Some(5), "{denied:?}");
    assert!(denied.stderr.contains("--allow"), "{denied:?}");
    let missing = fuelbox(&["fuzz", &module, "--allow", "protocol"]);
    assert_eq!(missing.code, Some(1), "{missing:?}");
    assert!(missing.stderr.contains("--corpus DIR"), "{missing:?}");
    let empty = folder.file("empty.wat", "(module)");
    let nothing = fuelbox(&["fuzz", &empty, "--corpus", &corpus, "--runs", "3"]);
    assert_eq!(nothing.code, Some(7), "{nothing:?}");
    // A file where the folder should be: nothing can be written, whoever asks.
    let file = folder.file("file", "");
    let unwritable = fuelbox(&[
        "fuzz", &module, "--allow", "protocol", "--corpus", &file, "--runs", "3",
    ]);
    assert_eq!(unwritable.code, Some(1), "{unwritable:?}");
    assert!(unwritable.stderr.contains("cannot write"), "{unwritable:?}");
}

#[test]
fn the_page_shows_a_search_as_it_is() {
    let page = include_str!("../../../docs/fuzz-a-guest.md");
    let shown = page.split("```text\n").nth(1).expect("it shows one");
    let shown = shown.split("```").next().unwrap_or_default();
    let folder = Folder::new("fuzz-page");
    let corpus = folder.path("corpus");
    let module = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fuzz/kit/guests/planted-c.wasm"
    );
    let found = fuelbox(&[
        "fuzz",
        module,
        "--corpus",
        &corpus,
        "--runs",
        "6000",
        "--seed",
        "1",
        "--most-input",
        "64",
    ]);
    let told = found.stderr.replace(&corpus, "inputs");
    let told: Vec<&str> = told
        .lines()
        .filter(|line| !line.starts_with("  runs "))
        .collect();
    let shown: Vec<&str> = shown.lines().filter(|line| *line != "  ...").collect();
    assert_eq!(told, shown);
}
