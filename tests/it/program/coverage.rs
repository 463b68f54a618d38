//! `--coverage` writes what of a guest's code ran, in one run or in several.

use super::{EXPORTS, Folder, fuelbox};

/// Does one thing or another.
const CHOOSES: &str = r#"(module
    (func $even (result i32)
        (i32.const 2))
    (func $odd (result i32)
        (i32.const 1))
    (func $choose (export "choose") (param i32) (result i32)
        (if (result i32) (i32.and (local.get 0) (i32.const 1))
            (then (call $odd))
            (else (call $even)))))"#;

#[test]
fn lines_functions_and_branches_are_written_and_summed_up() {
    let folder = Folder::new("coverage-run");
    let module = folder.file("guest.wat", CHOOSES);
    let run = [
        "run",
        &module,
        "-q",
        "--invoke",
        "choose",
        "7",
        "--coverage",
        &folder.path("guest.lcov"),
    ];
    let ended = fuelbox(&run);
    assert_eq!((ended.code, ended.stdout()), (Some(0), "1\n"), "{ended:?}");
    let lines: Vec<_> = ended.stderr.lines().collect();
    assert_eq!(lines.len(), 5, "{ended:?}");
    assert!(
        lines[1].contains("0 of 1   0 %                 none") && lines[1].ends_with("  even"),
        "{ended:?}"
    );
    assert!(
        lines[4].contains("3 of 5  60 %") && lines[4].contains("1 of 2  50 %"),
        "{ended:?}"
    );
    assert!(lines[4].ends_with("  all 3 functions"), "{ended:?}");
    let lcov = String::from_utf8(folder.read("guest.lcov")).expect("it is text");
    let file = format!("TN:\nSF:{module}\n");
    assert!(lcov.starts_with(&file), "{lcov}");
    for line in [
        "FNDA:0,even",
        "FNDA:1,odd",
        "BRDA:7,0,0,0",
        "BRDA:7,0,1,1",
        "DA:3,0",
        "DA:5,1",
    ] {
        assert!(lcov.lines().any(|found| found == line), "{line}: {lcov}");
    }
}

#[test]
fn several_recordings_count_together() {
    let folder = Folder::new("coverage-merged");
    let module = folder.file("guest.wat", CHOOSES);
    let recording = |name: &str, number: &str| {
        let path = folder.path(name);
        let run = [
            "run", &module, "--invoke", "choose", number, "--record", &path,
        ];
        assert_eq!(fuelbox(&run).code, Some(0));
        path
    };
    let (one, two) = (recording("one.fbrun", "1"), recording("two.fbrun", "2"));
    let lcov = folder.path("guest.lcov");
    let ended = fuelbox(&["replay", "--coverage", &lcov, &one, &two, &two]);
    assert_eq!((ended.code, ended.stdout()), (Some(0), ""), "{ended:?}");
    assert!(ended.stderr.contains("5 of 5 100 %"), "{ended:?}");
    let written = String::from_utf8(folder.read("guest.lcov")).expect("it is text");
    for line in [
        "FNDA:3,choose",
        "FNDA:2,even",
        "FNDA:1,odd",
        "BRDA:7,0,0,2",
        "BRDA:7,0,1,1",
    ] {
        assert!(
            written.lines().any(|found| found == line),
            "{line}: {written}"
        );
    }

    let alone = fuelbox(&["replay", &one, &two]);
    assert_eq!(alone.code, Some(1), "{alone:?}");
    assert!(alone.stderr.contains("--coverage FILE"), "{alone:?}");
    let mixed = fuelbox(&["replay", "--coverage", &lcov, "--backtrace", &one, &two]);
    assert_eq!(mixed.code, Some(1), "{mixed:?}");

    let other = folder.file("other.wat", EXPORTS);
    let other_run = folder.path("other.fbrun");
    fuelbox(&["run", &other, "--invoke", "nothing", "--record", &other_run]);
    let ended = fuelbox(&["replay", "--coverage", &lcov, &one, &other_run]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(
        ended
            .stderr
            .contains("other.fbrun is a recording of another module"),
        "{ended:?}"
    );
}

#[test]
fn a_module_without_debug_information_is_summed_up_and_said_to_have_no_lines() {
    let folder = Folder::new("coverage-bare");
    let wasm = wat::parse_str(CHOOSES).expect("the text is valid");
    let module = folder.file("guest.wasm", wasm);
    let lcov = folder.path("guest.lcov");
    let ended = fuelbox(&[
        "run",
        &module,
        "--invoke",
        "choose",
        "1",
        "--coverage",
        &lcov,
    ]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stderr.contains("3 of 5  60 %"), "{ended:?}");
    assert!(ended.stderr.contains("no debug information"), "{ended:?}");
    assert_eq!(folder.read("guest.lcov"), b"");
}

#[test]
fn a_source_map_beside_a_module_has_its_lines() {
    let folder = Folder::new("source-map");
    let guest = "observe/tests/guests/assemblyscript.wasm";
    let run = |module: &str| {
        let ended = fuelbox(&["run", module, "-q", "--invoke", "run", "0", "--backtrace"]);
        assert_eq!(ended.code, Some(8), "{ended:?}");
        ended.stderr
    };
    let shown = run(guest);
    assert!(shown.contains("0: trap/divide in trap.ts:3:"), "{shown}");
    assert!(shown.contains("2: trap/run in trap.ts:11:"), "{shown}");
    // A module without its map has its names.
    let module = folder.file(
        "alone.wasm",
        include_bytes!("../../../observe/tests/guests/assemblyscript.wasm"),
    );
    let shown = run(&module);
    assert!(shown.contains("0: trap/divide at 0x"), "{shown}");
}
