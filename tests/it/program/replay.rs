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
