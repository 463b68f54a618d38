//! `fuelbox bench` measures many runs, and suggests limits that fit.

use super::{ECHO, EXPORTS, FAILS_MIDWAY, Folder, fuelbox};

/// Each run takes the same fuel, and a page of memory.
const SUMS: &str = r#"(module
    (memory (export "memory") 1)
    (func (export "execute") (param i32 i32) (result i32) (local $left i32)
        (local.set $left (i32.const 1000))
        (loop $again
            (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
        (i32.const 0)))"#;

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
        "64.00 KiB",
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
        (&[spins, "--invoke", "absent"], 7, "absent"),
        (&[traps], 5, "try: --allow output,log"),
        (&["missing.wasm"], 1, "missing.wasm"),
        (&[spins, "--invoke", "nothing", "-n", "0"], 1, "at least 1"),
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
