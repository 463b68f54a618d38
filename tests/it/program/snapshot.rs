//! `fuelbox snapshot` writes a module that `fuelbox run` starts from.

use super::{ECHO, EXPORTS, Folder, fuelbox};

/// Counts what it was made ready for, and tells.
const COUNTER: &str = r#"(module
    (import "env" "host_log" (func $log (param i32 i32)))
    (memory (export "memory") 1)
    (global $n (mut i32) (i32.const 0))
    (data (i32.const 0) "ready")
    (func (export "_initialize") (global.set $n (i32.add (global.get $n) (i32.const 1))))
    (func (export "load") (param i32)
        (call $log (i32.const 0) (i32.const 5))
        (global.set $n (i32.add (global.get $n) (local.get 0))))
    (func (export "n") (result i32) (global.get $n)))"#;

#[test]
fn what_is_written_runs_from_there() {
    let folder = Folder::new("snapshot-runs");
    let module = folder.file("guest.wat", COUNTER);
    let out = folder.path("warm.wasm");
    let ended = fuelbox(&[
        "snapshot", &module, "-o", &out, "--allow", "log", "--invoke", "load", "40",
    ]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stderr.contains("guest: ready\n"), "{ended:?}");
    assert!(ended.stderr.contains("warm.wasm"), "{ended:?}");
    let run = |module: &str| fuelbox(&["run", module, "--allow", "log", "--invoke", "n"]);
    assert_eq!(run(&out).stdout(), "41\n");

    // Without --invoke only `_initialize` runs, and what is written can be snapshotted again.
    let again = folder.path("again.wasm");
    let ended = fuelbox(&["snapshot", &out, "-q", "--out", &again, "--allow", "log"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    assert_eq!(run(&again).stdout(), "41\n");
}

#[test]
fn what_the_guest_writes_meanwhile_is_passed_on() {
    let folder = Folder::new("snapshot-output");
    let module = folder.file("guest.wat", ECHO);
    let out = folder.path("warm.wasm");
    let ended = fuelbox(&[
        "snapshot", &module, "-o", &out, "--allow", "protocol", "--text", "hello", "--invoke",
        "execute", "0", "5",
    ]);
    assert_eq!(
        (ended.code, ended.stdout()),
        (Some(0), "hello"),
        "{ended:?}"
    );
}

#[test]
fn a_guest_that_does_not_get_ready_leaves_no_file() {
    let folder = Folder::new("snapshot-fails");
    let out = folder.path("warm.wasm");
    let exports = folder.file("exports.wat", EXPORTS);
    let traps = folder.file("traps.wat", r#"(module (func $f unreachable) (start $f))"#);
    let imports = folder.file(
        "imports.wat",
        r#"(module (import "env" "host_log" (func (param i32 i32))))"#,
    );
    for (arguments, code, says) in [
        (
            &[exports.as_str(), "--invoke", "spin", "--fuel", "1000"][..],
            2,
            "--fuel",
        ),
        (&[exports.as_str(), "--invoke", "missing"], 7, "missing"),
        (&[traps.as_str()], 8, "unreachable"),
        (&[imports.as_str()], 5, "--allow log"),
    ] {
        let ended = fuelbox(&[&["snapshot", "-o", &out], arguments].concat());
        assert_eq!(ended.code, Some(code), "{ended:?}");
        assert!(ended.stderr.contains(says), "{ended:?}");
        assert!(!std::path::Path::new(&out).exists(), "{arguments:?}");
    }
    let ended = fuelbox(&["snapshot", &exports]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("-o FILE"), "{ended:?}");
}

#[test]
fn what_cannot_be_written_back_is_said() {
    let folder = Folder::new("snapshot-refused");
    let module = folder.file(
        "guest.wat",
        r#"(module
            (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
            (memory (export "memory") 1)
            (func (export "close") (drop (call $close (i32.const 0)))))"#,
    );
    let out = folder.path("warm.wasm");
    let ended = fuelbox(&[
        "snapshot", &module, "-o", &out, "--allow", "wasi", "--invoke", "close",
    ]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("descriptor 0"), "{ended:?}");
}
