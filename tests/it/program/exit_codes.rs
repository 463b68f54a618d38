//! Each exit code, with the two lines that say what and what to change.

use super::{ECHO, EXPORTS, FAILS_MIDWAY, Folder, fuelbox};

/// A module whose entry does `body`.
fn entry(body: &str) -> String {
    format!(
        r#"(module (memory (export "memory") 1) (table $t 1 funcref)
            (func (export "execute") (param i32 i32) (result i32) {body}))"#
    )
}

/// Runs `module` with `flags`: the code must be `code`, and standard error must hold all of `words`.
#[track_caller]
fn ends(test: &str, module: &str, flags: &[&str], code: i32, words: &[&str]) {
    let folder = Folder::new(test);
    let path = folder.file("guest.wat", module);
    let mut arguments = vec!["run", &path];
    arguments.extend(flags);
    let ended = fuelbox(&arguments);
    assert_eq!(ended.code, Some(code), "{ended:?}");
    for word in words {
        assert!(ended.stderr.contains(word), "{word} is missing: {ended:?}");
    }
}

#[test]
fn a_guest_that_finishes_is_0_and_one_with_a_status_is_9() {
    ends("finished", &entry("(i32.const 0)"), &[], 0, &["finished"]);
    ends(
        "status",
        &entry("(i32.const 3)"),
        &[],
        9,
        &["finished with status 3"],
    );
}

#[test]
fn a_status_is_passed_through_where_it_is_an_exit_code() {
    let flags = ["--exit-status"];
    ends("status-3", &entry("(i32.const 3)"), &flags, 3, &[]);
    // Eight bits of it are zero.
    ends("status-256", &entry("(i32.const 256)"), &flags, 9, &[]);
    ends("status-below", &entry("(i32.const -1)"), &flags, 9, &[]);
    ends("status-trap", &entry("unreachable"), &flags, 8, &[]);
}

#[test]
fn files_that_cannot_be_read_are_1() {
    let folder = Folder::new("unreadable");
    for path in [folder.path("none.wasm"), folder.path("")] {
        let ended = fuelbox(&["run", &path]);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.stderr.contains("cannot read"), "{ended:?}");
        assert_eq!(fuelbox(&["inspect", &path]).code, Some(1));
    }
    let module = folder.file("guest.wat", ECHO);
    let missing = folder.path("none.json");
    let ended = fuelbox(&["run", &module, "--allow", "protocol", "--input", &missing]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
}

#[test]
fn a_command_line_that_makes_no_sense_is_1() {
    let folder = Folder::new("usage");
    let module = folder.file("guest.wat", EXPORTS);
    for flags in [
        &["--unknown"][..],
        &["--fuel"],
        &["--fuel", "ten"],
        &["--fuel", "20000000000000000000"],
        &["--memory", "16EiB"],
        &["--deadline", "5"],
        &["--allow", "files"],
        &["--proposal", "threads"],
        &["--growth-denial", "maybe"],
        &["--text", "a", "--input", "-"],
        &["5"],
    ] {
        let mut arguments = vec!["run", &module];
        arguments.extend(flags);
        let ended = fuelbox(&arguments);
        assert_eq!(ended.code, Some(1), "{flags:?}: {ended:?}");
        assert!(
            !ended.stderr.is_empty() && ended.stdout.is_empty(),
            "{ended:?}"
        );
    }
    for arguments in [&[][..], &["run"], &["inspect"], &["jump"]] {
        assert_eq!(fuelbox(arguments).code, Some(1), "{arguments:?}");
    }
}

#[test]
fn out_of_fuel_is_2() {
    ends(
        "fuel",
        EXPORTS,
        &["--invoke", "spin", "--fuel", "10k"],
        2,
        &["out of fuel after 10,000", "--fuel 20k"],
    );
}

#[test]
fn a_deadline_is_3() {
    ends(
        "deadline",
        EXPORTS,
        &["--invoke", "spin", "--deadline", "20ms"],
        3,
        &["the deadline of 20ms has passed", "--deadline 40ms"],
    );
}

#[test]
fn memory_and_table_are_4() {
    ends(
        "grow",
        &entry("(memory.grow (i32.const 1200))"),
        &[],
        4,
        &["out of memory", "64MiB are allowed", "--memory 128MiB"],
    );
    ends(
        "table-grow",
        &entry("(table.grow $t (ref.null func) (i32.const 199999))"),
        &[],
        4,
        &["200,000 elements", "--table-limit 200k"],
    );
    ends(
        "initial-memory",
        r#"(module (memory 2048) (func (export "_start")))"#,
        &[],
        4,
        &["starts with 128MiB of memory", "--memory 128MiB"],
    );
    ends(
        "initial-table",
        r#"(module (table 120000 funcref) (func (export "_start")))"#,
        &[],
        4,
        &["120,000 table elements", "--table-limit 120k"],
    );
}

#[test]
fn imports_are_5() {
    ends(
        "not-granted",
        ECHO,
        &[],
        5,
        &["is not granted", "--allow protocol"],
    );
    ends(
        "partly-granted",
        ECHO,
        &["--allow", "log"],
        5,
        &["--allow input,output"],
    );
    for (what, help) in [
        (
            "(memory 1)",
            "without --import-memory, with --export-memory",
        ),
        ("(table 1 funcref)", "without --import-table"),
        ("(global i32)", "without -shared"),
        ("(func)", "try: --stub-unknown"),
    ] {
        let module = format!(r#"(module (import "env" "it" {what}) (func (export "_start")))"#);
        ends(
            "not-offered",
            &module,
            &[],
            5,
            &["unknown import env.it", help],
        );
    }
    ends(
        "unknown",
        r#"(module (import "wasi_unstable" "fd_write" (func)) (func (export "_start")))"#,
        &["--allow", "protocol"],
        5,
        &["unknown import wasi_unstable.fd_write", "WASI preview 1"],
    );
    ends(
        "import-type",
        r#"(module (import "env" "host_log" (func (param i64))) (func (export "_start")))"#,
        &["--allow", "protocol"],
        5,
        &["the module wants function (i64)"],
    );
}

#[test]
fn modules_that_cannot_be_taken_are_6() {
    let folder = Folder::new("invalid");
    let empty = folder.file("empty.wasm", "");
    let garbage = folder.file("garbage.wasm", [0xff; 100]);
    let text = folder.file("text.wasm", ECHO);
    let words = folder.file("words.wat", "(module (func (export \"_start\")");
    let binary = folder.file("binary.wat", [0xff, 0xfe, 0x00]);
    let wrong = folder.file(
        "wrong.wat",
        "(module (func (export \"_start\"))\n  (func $bad (result i32) (i64.const 1)))",
    );
    let elf = folder.file("elf.wasm", b"\x7fELF\x02\x01\x01");
    let page = folder.file("page.wasm", "<!doctype html>");
    for (path, word) in [
        (
            empty,
            "empty.wasm: invalid module at byte 0: the file is empty",
        ),
        (garbage, "garbage.wasm: invalid module"),
        (text, ".wat"),
        (words, "words.wat: invalid text: "),
        (wrong, "at line 2 column 28, in function $bad"),
        (binary, "invalid text"),
        (elf, "it looks like ELF"),
        (page, "it looks like HTML"),
    ] {
        for command in ["run", "inspect"] {
            let ended = fuelbox(&[command, &path]);
            assert_eq!(ended.code, Some(6), "{path}: {ended:?}");
            assert!(ended.stderr.contains(word), "{word}: {ended:?}");
        }
    }
    let tail_calls = r#"(module (func $f (return_call $f)) (func (export "_start")))"#;
    ends(
        "proposal",
        tail_calls,
        &[],
        6,
        &["tail calls", "--proposal tail-calls"],
    );
    ends(
        "proposal-on",
        tail_calls,
        &["--proposal", "tail-calls"],
        0,
        &[],
    );
    ends(
        "module-limit",
        ECHO,
        &["--module-limit", "100"],
        6,
        &[
            "guest.wat: the module is larger than 100B",
            "--module-limit 128B",
        ],
    );
    ends(
        "segment",
        r#"(module (memory 1) (data (i32.const 65536) "x") (func (export "_start")))"#,
        &[],
        6,
        &["segment"],
    );
}

#[test]
fn exports_are_7() {
    ends(
        "empty",
        "(module)",
        &[],
        7,
        &["no function execute", "--invoke"],
    );
    ends(
        "entry-type",
        r#"(module (func (export "execute")))"#,
        &[],
        7,
        &["but function (i32, i32) -> i32 is needed"],
    );
    ends(
        "no-such-export",
        EXPORTS,
        &["--invoke", "sub", "1", "2"],
        7,
        &["no function sub"],
    );
    for arguments in [
        &["1"][..],
        &["1", "2", "3"],
        &["1", "two"],
        &["1", "4294967296"],
    ] {
        let flags = [&["--invoke", "add"], arguments].concat();
        ends("arguments", EXPORTS, &flags, 7, &[]);
    }
    ends(
        "argument-count",
        EXPORTS,
        &["--invoke", "add", "1"],
        7,
        &["(i32, i32) -> i32: it takes 2 arguments, not 1"],
    );
    ends(
        "no-function",
        &entry("(i32.const 0)"),
        &["--invoke", "memory"],
        7,
        &["export memory is memory"],
    );
    ends(
        "abi",
        r#"(module (func (export "_start"))
            (func (export "fuelbox_abi_version") (result i32) (i32.const 999)))"#,
        &[],
        7,
        &["version 999"],
    );
}

#[test]
fn traps_are_8() {
    ends(
        "trap",
        FAILS_MIDWAY,
        &["--allow", "protocol"],
        8,
        &["unreachable", "guest: part"],
    );
    ends(
        "recursion",
        r#"(module (func $f (export "_start") (call $f)))"#,
        &[],
        8,
        &["stack overflow", "--call-depth 20k"],
    );
    ends(
        "start",
        r#"(module (func $f unreachable) (start $f) (func (export "_start")))"#,
        &[],
        8,
        &["during the start function"],
    );
}

#[test]
fn too_much_output_is_10() {
    ends(
        "output",
        ECHO,
        &[
            "--allow",
            "protocol",
            "--text",
            "12345",
            "--output-limit",
            "3",
        ],
        10,
        &["more than 3B of output", "--output-limit 4B"],
    );
}

#[test]
fn too_much_input_is_1() {
    ends(
        "input",
        ECHO,
        &[
            "--allow",
            "protocol",
            "--text",
            "12345",
            "--input-limit",
            "3",
        ],
        1,
        &["more than 3B of input", "--input-limit 4B"],
    );
}

#[test]
fn a_range_outside_memory_is_11() {
    ends(
        "fault",
        r#"(module (import "env" "host_log" (func $log (param i32 i32)))
            (memory (export "memory") 1)
            (func (export "_start") (call $log (i32.const -1) (i32.const 2))))"#,
        &["--allow", "log"],
        11,
        &["host_log", "outside"],
    );
}
