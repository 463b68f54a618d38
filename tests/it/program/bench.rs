//! `fuelbox bench` measures many runs, and suggests limits that fit.

use super::{ECHO, EXPORTS, FAILS_MIDWAY, Folder, fuelbox, fuelbox_reading, start};

/// Each run takes the same fuel, and a page of memory.
const SUMS: &str = r#"(module
    (memory (export "memory") 1)
    (func (export "execute") (param i32 i32) (result i32) (local $left i32)
        (local.set $left (i32.const 1000))
        (loop $again
            (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
        (i32.const 0)))"#;

/// Writes the time, which is its status too: a nanosecond is even or odd.
const TIME: &str = r#"(module
    (import "env" "host_get_time_nanos" (func $time (result i64)))
    (import "env" "host_write_output" (func $write (param i32 i32)))
    (memory (export "memory") 1)
    (func (export "execute") (param i32 i32) (result i32)
        (i64.store (i32.const 0) (call $time))
        (call $write (i32.const 0) (i32.const 8))
        (i32.and (i32.load8_u (i32.const 0)) (i32.const 1))))"#;

#[test]
fn the_limits_that_are_suggested_are_flags_under_which_the_guest_runs() {
    let folder = Folder::new("bench-suggested");
    let module = folder.file("guest.wat", ECHO);
    let guest = [module.as_str(), "--allow", "protocol", "--text", "hello"];
    let ended = fuelbox(&[&["bench", "-n", "50"], &guest[..]].concat());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let suggested = ended
        .stdout()
        .lines()
        .find_map(|line| line.trim().strip_prefix("suggested"))
        .expect("limits are suggested");
    let flags: Vec<&str> = suggested.split_whitespace().collect();
    assert_eq!(
        (flags[0], flags[2], flags[4]),
        ("--fuel", "--deadline", "--memory")
    );
    let ended = fuelbox(&[&["run"], &guest[..], &flags[..]].concat());
    assert_eq!(ended.code, Some(0), "{suggested}: {ended:?}");
    assert_eq!(ended.stdout(), "hello");
}

#[test]
fn the_table_has_what_runs_took_and_bars_for_how_often() {
    let folder = Folder::new("bench-table");
    let module = folder.file("guest.wat", SUMS);
    let ended = fuelbox(&["bench", &module, "-n", "200"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    for word in [
        "min",
        "median",
        "p99",
        "time",
        "start",
        "fuel per s",
        "64KiB",
        "###",
    ] {
        assert!(ended.stdout().contains(word), "{word}: {ended:?}");
    }
    assert_eq!(ended.stderr, "");
}

#[test]
fn the_document_counts_every_run_but_the_first() {
    let folder = Folder::new("bench-document");
    let module = folder.file("guest.wat", SUMS);
    let path = folder.path("report.json");
    let ended = fuelbox(&["bench", &module, "-n", "100", "--json", "--report", &path]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(folder.read("report.json"), ended.stdout);
    let document = ended.json();
    assert_eq!(document["code"], "finished");
    let measured = &document["measured"];
    assert_eq!(measured["runs"], 100);
    assert_eq!(measured["fuel"]["min"], measured["fuel"]["max"]);
    assert_eq!(measured["peak_memory_bytes"], 65_536);
    let bins = measured["histogram"].as_array().expect("there are bins");
    let counted: u64 = bins.iter().filter_map(|bin| bin["runs"].as_u64()).sum();
    assert_eq!(counted, 100);
}

#[test]
fn a_guest_that_does_not_do_the_same_each_time_is_noticed() {
    let folder = Folder::new("bench-unlike");
    let module = folder.file("guest.wat", TIME);
    let bench = ["bench", &module, "-n", "300", "--allow"];
    let json = |clock| fuelbox(&[&bench[..], &[clock, "--json"]].concat());
    let same = json("output,clock").json();
    assert_eq!(same["measured"]["unlike_first"]["runs"], 0);
    let unlike = json("output,clock=system");
    let document = unlike.json();
    let counted = &document["measured"]["unlike_first"];
    assert!(counted["runs"].as_u64() > Some(200), "{document}");
    assert_eq!(counted["parts"], serde_json::json!(["outcome", "output"]));
    // However the last one ended: about half of them end with status 1.
    assert_eq!(unlike.code, Some(9), "{document}");
    assert_eq!(document["outcome"]["finished"]["status"], 1);
    let table = fuelbox(&[&bench[..], &["output,clock=system"]].concat());
    let unlike = "unlike the first: outcome, output\n";
    assert!(table.stdout().contains(unlike), "{table:?}");
    let table = fuelbox(&[&bench[..], &["output,clock"]].concat());
    assert!(table.stdout().contains("300, all the same\n"), "{table:?}");
}

#[test]
fn a_slower_first_run_is_shown_apart() {
    let folder = Folder::new("bench-cold");
    let module = folder.file("guest.wat", SUMS);
    let measured = &fuelbox(&["bench", &module, "-n", "3", "--json"]).json()["measured"];
    for part in ["compile_nanos", "start_nanos", "time_nanos"] {
        assert!(measured["cold"][part].as_u64() > Some(0), "{measured}");
    }
    let table = fuelbox(&["bench", &module, "-n", "3"]);
    assert!(
        table.stdout().contains("  cold         compile "),
        "{table:?}"
    );
}

#[test]
fn every_run_has_the_whole_input_wherever_it_is_from() {
    let folder = Folder::new("bench-input");
    let module = folder.file("guest.wat", ECHO);
    let input = [b'x'; 5_000];
    let file = folder.file("input", input);
    let bench = ["bench", &module, "-n", "3", "--json", "--allow", "protocol"];
    let fuel = |flags: &[&str], input: &[u8]| {
        let measured = &fuelbox_reading(&[&bench[..], flags].concat(), input).json()["measured"];
        assert_eq!(measured["unlike_first"]["runs"], 0, "{measured}");
        measured["fuel"]["min"].as_u64()
    };
    let of_file = fuel(&["--input", &file], b"");
    assert_eq!(fuel(&[], &input), of_file);
    assert_eq!(fuel(&["--input", "-"], &input), of_file);
    assert!(fuel(&["--text", "x"], b"") < of_file);
}

#[test]
fn a_reader_that_has_gone_is_no_error() {
    let folder = Folder::new("bench-closed-pipe");
    let module = folder.file("guest.wat", SUMS);
    for flag in ["--quiet", "--json"] {
        let mut child = start(&["bench", &module, "-n", "3", flag]);
        drop(child.stdout.take());
        let ended = child.wait_with_output().expect("the program ends");
        assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    }
}

#[test]
fn a_status_that_is_not_zero_is_measured_and_said() {
    let folder = Folder::new("bench-status");
    let module = folder.file(
        "guest.wat",
        r#"(module (func (export "execute") (param i32 i32) (result i32) (i32.const 7)))"#,
    );
    let ended = fuelbox(&["bench", &module, "-n", "3"]);
    assert_eq!(ended.code, Some(9), "{ended:?}");
    assert_eq!(ended.stderr, "fuelbox: finished with status 7\n");
    assert!(ended.stdout().contains("suggested"), "{ended:?}");
    let ended = fuelbox(&["bench", &module, "-n", "3", "--exit-status", "--quiet"]);
    assert_eq!((ended.code, &*ended.stderr), (Some(7), ""));
}

#[test]
fn the_number_of_runs_may_be_left_to_the_program() {
    let folder = Folder::new("bench-time");
    let module = folder.file("guest.wat", EXPORTS);
    let ended = fuelbox(&["bench", &module, "--invoke", "add", "--json", "2", "-40"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let runs = ended.json()["measured"]["runs"].as_u64();
    assert!(
        runs.is_some_and(|runs| (3..=100_000).contains(&runs)),
        "{runs:?}"
    );
}

#[test]
fn a_guest_that_is_stopped_is_answered_as_by_run() {
    let folder = Folder::new("bench-stopped");
    let traps = folder.file("traps.wat", FAILS_MIDWAY);
    let spins = folder.file("spins.wat", EXPORTS);
    let (traps, spins) = (traps.as_str(), spins.as_str());
    for (arguments, code, word) in [
        (&[traps, "--allow", "protocol"][..], 8, "unreachable"),
        (
            &[spins, "--invoke", "spin", "--fuel", "1k"],
            2,
            "out of fuel",
        ),
        (
            &[spins, "--invoke", "spin", "--deadline", "5ms"],
            3,
            "try: --deadline 10ms",
        ),
        (&[spins, "--invoke", "absent"], 7, "absent"),
        (&[traps], 5, "try: --allow output,log"),
        (&["missing.wasm"], 1, "missing.wasm"),
        (&[spins, "--invoke", "nothing", "-n", "0"], 1, "at least 1"),
        (
            &[spins, "--invoke", "spin", "--fuel", "1k", "-n", "1G"],
            1,
            "at most 10M",
        ),
    ] {
        let ended = fuelbox(&[&["bench"], arguments].concat());
        assert_eq!(ended.code, Some(code), "{ended:?}");
        assert!(ended.stderr.contains(word), "{word}: {ended:?}");
        assert_eq!(ended.stdout(), "");
    }
    let ended = fuelbox(&["bench", traps, "--allow", "protocol", "--json"]);
    assert_eq!(ended.json()["code"], "trap-unreachable");
    assert!(ended.json()["measured"].is_null(), "{ended:?}");
}
