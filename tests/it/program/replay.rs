//! `fuelbox replay` runs again what `fuelbox run --record` has written.

use super::{ECHO, EXPORTS, FAILS_MIDWAY, Folder, fuelbox};

#[test]
fn a_recording_gives_the_same_report() {
    let folder = Folder::new("replay-same");
    let module = folder.file("guest.wat", ECHO);
    let recording = folder.path("run.fbrun");
    let run = fuelbox(&[
        "run", &module, "--allow", "protocol", "--text", "hello", "--json", "--record", &recording,
    ]);
    assert_eq!(run.code, Some(0), "{run:?}");
    // Neither the module nor the input is needed any more.
    drop(module);
    let replay = fuelbox(&["replay", &recording, "--json"]);
    assert_eq!(
        (replay.code, replay.json()),
        (Some(0), run.json()),
        "{replay:?}"
    );

    let shown = fuelbox(&["replay", &recording]);
    assert_eq!(
        (shown.code, shown.stdout()),
        (Some(0), "hello"),
        "{shown:?}"
    );
    assert!(shown.stderr.contains("guest: sly"), "{shown:?}");
    assert!(!shown.stderr.contains('\x1b'), "{shown:?}");
    let quiet = fuelbox(&["replay", "-q", &recording]);
    assert_eq!(quiet.stderr, "fuelbox: finished\n");
}

#[test]
fn a_run_that_fails_fails_again_with_the_same_exit_code() {
    let folder = Folder::new("replay-fails");
    let module = folder.file("guest.wat", FAILS_MIDWAY);
    let recording = folder.path("run.fbrun");
    let run = fuelbox(&[
        "run", &module, "--allow", "protocol", "--record", &recording,
    ]);
    let replay = fuelbox(&["replay", &recording]);
    assert_eq!(
        (run.code, replay.code),
        (Some(8), Some(8)),
        "{run:?} {replay:?}"
    );
    assert_eq!((run.stdout(), replay.stdout()), ("part", "part"));
    assert!(
        replay.stderr.contains("unreachable code was reached"),
        "{replay:?}"
    );

    let exports = folder.file("exports.wat", EXPORTS);
    let spin = [
        "run",
        &exports,
        "--invoke",
        "spin",
        "--deadline",
        "30ms",
        "--record",
        &recording,
    ];
    let run = fuelbox(&spin);
    let replay = fuelbox(&["replay", &recording]);
    assert_eq!(
        (run.code, replay.code),
        (Some(3), Some(3)),
        "{run:?} {replay:?}"
    );
}

#[test]
fn another_module_parts_where_it_does_something_else() {
    let folder = Folder::new("replay-parts");
    let module = folder.file("guest.wat", ECHO);
    let recording = folder.path("run.fbrun");
    fuelbox(&[
        "run", &module, "--allow", "protocol", "--text", "hello", "--record", &recording,
    ]);
    let other = folder.file("other.wat", ECHO.replace("(i32.const 25)", "(i32.const 3)"));
    let replay = fuelbox(&["replay", &recording, "--module", &other]);
    assert_eq!(replay.code, Some(13), "{replay:?}");
    let expected = "env.host_log(0, 25) was recorded, and this is env.host_log(0, 3)";
    assert!(replay.stderr.contains(expected), "{replay:?}");
}

#[test]
fn what_is_no_recording_is_refused_in_one_line() {
    let folder = Folder::new("replay-refused");
    let module = folder.file("guest.wat", EXPORTS);
    let recording = folder.path("run.fbrun");
    fuelbox(&[
        "run", &module, "--invoke", "nothing", "--record", &recording,
    ]);
    let whole = folder.read("run.fbrun");
    let cut = folder.file("cut.fbrun", &whole[..whole.len() - 9]);
    let mut bytes = whole.clone();
    bytes[60] ^= 1;
    let damaged = folder.file("damaged.fbrun", &bytes);
    let absent = folder.path("absent.fbrun");
    for (path, words) in [
        (&module, "no recording of fuelbox"),
        (&cut, "cut off"),
        (&damaged, "damaged"),
        (&absent, "cannot read"),
    ] {
        let ended = fuelbox(&["replay", path]);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.stderr.contains(words), "{ended:?}");
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
    }
}

#[test]
fn a_recording_that_cannot_be_written_is_told_before_anything_runs() {
    let folder = Folder::new("replay-unwritable");
    let module = folder.file("guest.wat", EXPORTS);
    let nowhere = folder.path("no/such/folder.fbrun");
    let ended = fuelbox(&["run", &module, "--invoke", "spin", "--record", &nowhere]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("cannot write"), "{ended:?}");
}

/// Divides by nothing, in a function of its own.
const DIVIDES: &str = r#"(module
    (memory 1)
    (data (i32.const 8) "what it had")
    (func $divide (param i32) (result i32)
        (i32.div_u (i32.const 1) (local.get 0)))
    (func $main (export "_start")
        (drop (call $divide (i32.const 0)))))"#;

#[test]
fn a_backtrace_has_functions_and_lines() {
    let folder = Folder::new("backtrace");
    let module = folder.file("guest.wat", DIVIDES);
    let run = fuelbox(&["run", &module]);
    assert!(
        run.stderr.contains("try: --backtrace, to see where"),
        "{run:?}"
    );

    let recording = folder.path("run.fbrun");
    let run = fuelbox(&["run", &module, "-q", "--backtrace", "--record", &recording]);
    assert_eq!(run.code, Some(8), "{run:?}");
    let lines: Vec<_> = run.stderr.lines().collect();
    assert_eq!(lines.len(), 3, "{run:?}");
    assert!(
        lines[1].contains("0: divide in ") && lines[1].contains("guest.wat:5:"),
        "{run:?}"
    );
    assert!(
        lines[2].contains("1: main in ") && lines[2].contains("guest.wat:7:"),
        "{run:?}"
    );

    let replay = fuelbox(&["replay", &recording, "-q", "--backtrace"]);
    let innermost = replay.stderr.lines().nth(1).expect("a function");
    assert!(
        innermost.starts_with("   0: divide in guest.wat:5:"),
        "{replay:?}"
    );
}

#[test]
fn a_backtrace_of_a_guest_that_recurses_is_cut_in_the_middle() {
    let folder = Folder::new("backtrace-deep");
    let text = "(module (func $deeper (export \"_start\") (call $deeper)))";
    let module = folder.file("guest.wat", text);
    let run = fuelbox(&["run", &module, "-q", "--backtrace", "--call-depth", "500"]);
    assert!(run.stderr.contains("... 450 more"), "{run:?}");
    assert!(run.stderr.contains(" 499: deeper in "), "{run:?}");
    assert_eq!(
        run.stderr
            .lines()
            .filter(|line| line.contains("deeper"))
            .count(),
        50
    );
}

#[test]
fn a_core_dump_is_written_where_the_guest_stops() {
    let folder = Folder::new("coredump");
    let module = folder.file("guest.wat", DIVIDES);
    let dump = folder.path("guest.core");
    let run = fuelbox(&["run", &module, "-q", "--coredump", &dump]);
    assert_eq!(run.code, Some(8), "{run:?}");
    let written = folder.read("guest.core");
    assert!(written.starts_with(b"\0asm"));
    for part in [&b"corestack"[..], b"coreinstances", b"what it had"] {
        assert!(written.windows(part.len()).any(|bytes| bytes == part));
    }
}

#[test]
fn a_profile_has_the_form_that_its_name_says_and_the_fuel_of_the_run() {
    let folder = Folder::new("profile");
    let text = r#"(module
        (func $work (param i32)
            (loop $again (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
        (func $main (export "_start") (call $work (i32.const 1000)) (call $work (i32.const 5))))"#;
    let module = folder.file("guest.wat", text);
    let recording = folder.path("run.fbrun");
    let folded = folder.path("run.folded");
    let run = fuelbox(&[
        "run",
        &module,
        "--json",
        "--profile",
        &folded,
        "--record",
        &recording,
    ]);
    assert!(run.stderr.contains("2  work\n"), "{run:?}");
    let stacks = String::from_utf8(folder.read("run.folded")).expect("it is text");
    let fuel: u64 = stacks
        .lines()
        .map(|line| line.rsplit_once(' ').expect("a number ends it").1)
        .map(|fuel| fuel.parse::<u64>().expect("a number"))
        .sum();
    assert_eq!(run.json()["usage"]["fuel"], fuel);
    assert!(stacks.contains("main;work "), "{stacks}");

    for (name, begins) in [
        ("run.svg", &b"<svg"[..]),
        ("run.pb", &[0x0a, 4]),
        ("run.json", b"{\""),
        ("run.json.gz", &[0x1f, 0x8b, 8]),
    ] {
        let replay = fuelbox(&["replay", &recording, "-q", "--profile", &folder.path(name)]);
        assert_eq!(replay.code, Some(0), "{replay:?}");
        assert!(folder.read(name).starts_with(begins), "{name}");
    }
    let firefox: serde_json::Value =
        serde_json::from_slice(&folder.read("run.json")).expect("it is JSON");
    let weights = firefox["threads"][0]["samples"]["weight"].as_array();
    let weights = weights.expect("a list").iter();
    let sum: u64 = weights.filter_map(serde_json::Value::as_u64).sum();
    assert_eq!(sum, fuel);
    assert!(folder.read("run.json.gz").len() < folder.read("run.json").len());
}

#[test]
fn a_backtrace_is_in_the_document_where_one_is_asked_for() {
    let folder = Folder::new("backtrace-document");
    let module = folder.file("guest.wat", DIVIDES);
    let recording = folder.path("run.fbrun");
    let run = fuelbox(&[
        "run",
        &module,
        "--json",
        "--backtrace",
        "--record",
        &recording,
    ]);
    let replay = fuelbox(&["replay", &recording, "--json", "--backtrace"]);
    let [run, replay] = [run, replay].map(|ended| {
        // One line, on the reason, is on standard error.
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
        ended.json()["backtrace"].clone()
    });
    for backtrace in [&run, &replay] {
        assert_eq!(backtrace.as_array().map(Vec::len), Some(2), "{backtrace}");
        let innermost = &backtrace[0];
        assert_eq!(innermost["name"], "divide");
        assert_eq!(
            (&innermost["number"], &innermost["function"]),
            (&0.into(), &0.into())
        );
        assert_eq!(
            (
                &innermost["lines"][0]["line"],
                &innermost["lines"][0]["column"]
            ),
            (&5.into(), &10.into())
        );
        assert_eq!(backtrace[1]["name"], "main");
    }
    let without = fuelbox(&["replay", &recording, "--json"]);
    assert!(without.json().get("backtrace").is_none(), "{without:?}");
}
