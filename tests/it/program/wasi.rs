//! Programs of WASI: arguments, environment, directories, streams and status.

use super::{Ended, Folder, fuelbox, fuelbox_reading, send, start};
use fuelbox::Report;

/// A guest with the imports that the tests need, `data` at 2,048, and the body of `_start`.
pub(super) fn guest(data: &str, body: &str) -> String {
    format!(
        r#"(module
    (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "environ_sizes_get" (func $env_sizes (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "environ_get" (func $env (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
    (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "path_open"
        (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (data (i32.const 2048) "{data}")
    ;; Exits with an errno that is not success.
    (func $check (param i32) (if (local.get 0) (then (call $exit (local.get 0)))))
    (func $write (param $fd i32) (param $ptr i32) (param $len i32)
        (i32.store (i32.const 40) (local.get $ptr))
        (i32.store (i32.const 44) (local.get $len))
        (call $check (call $fd_write (local.get $fd) (i32.const 40) (i32.const 1) (i32.const 48))))
    (func $read (param $fd i32) (result i32)
        (i32.store (i32.const 40) (i32.const 4096))
        (i32.store (i32.const 44) (i32.const 1000))
        (call $check (call $fd_read (local.get $fd) (i32.const 40) (i32.const 1) (i32.const 48)))
        (i32.load (i32.const 48)))
    ;; Opens the last argument, which is the first after the program's name, in the first directory.
    (func $open_argument (param $oflags i32) (param $rights i64) (result i32)
        (call $check (call $args_sizes (i32.const 0) (i32.const 4)))
        (call $check (call $args (i32.const 16) (i32.const 1024)))
        (call $check (call $open (i32.const 3) (i32.const 1)
            (i32.load (i32.const 20))
            (i32.sub (i32.add (i32.const 1023) (i32.load (i32.const 4))) (i32.load (i32.const 20)))
            (local.get $oflags) (local.get $rights) (i64.const 0) (i32.const 0) (i32.const 8)))
        (i32.load (i32.const 8)))
    (func (export "_start") {body}))"#
    )
}

/// Writes its arguments, then its environment, as they lie in memory.
pub(super) const WORDS: &str = "
    (call $check (call $args_sizes (i32.const 0) (i32.const 4)))
    (call $check (call $args (i32.const 16) (i32.const 1024)))
    (call $write (i32.const 1) (i32.const 1024) (i32.load (i32.const 4)))
    (call $check (call $env_sizes (i32.const 0) (i32.const 4)))
    (call $check (call $env (i32.const 16) (i32.const 1024)))
    (call $write (i32.const 1) (i32.const 1024) (i32.load (i32.const 4)))";

/// Writes to both streams, then fails.
const BOTH: &str = "
    (call $write (i32.const 2) (i32.const 2048) (i32.const 3))
    (call $write (i32.const 1) (i32.const 2051) (i32.const 3))
    (call $exit (i32.const 3))";

#[test]
fn arguments_and_environment_reach_the_guest_in_order() {
    let folder = Folder::new("wasi-words");
    let module = folder.file("words.wat", guest("", WORDS));
    let ended = fuelbox(&[
        "run",
        &module,
        "--allow",
        "wasi",
        "--env",
        "A=1",
        "--arg",
        "first",
        "--env=B=x=y",
        "--",
        "-c",
        "--env",
        "print(6*7)",
        "--",
    ]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(
        ended.stdout(),
        "words\0first\0-c\0--env\0print(6*7)\0--\0A=1\0B=x=y\0"
    );
    let alone = fuelbox(&["run", &module, "--allow", "wasi"]);
    assert_eq!((alone.stdout(), alone.stderr.as_str()), ("words\0", ""));
    let named = fuelbox(&[
        "run",
        &module,
        "--allow",
        "wasi",
        "--program",
        "/bin/a b",
        "--",
        "c",
    ]);
    assert_eq!(named.stdout(), "/bin/a b\0c\0");
}

#[test]
fn what_only_wasi_guests_use_takes_wasi() {
    let folder = Folder::new("wasi-usage");
    let module = folder.file("guest.wat", guest("", WORDS));
    for (flag, value) in [
        ("--arg", "x"),
        ("--env", "A=1"),
        ("--dir", "/::/x"),
        ("--program", "x"),
    ] {
        let ended = fuelbox(&["run", &module, "--allow", "protocol", flag, value]);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert_eq!(
            ended.stderr,
            format!(
                "fuelbox: {flag} is only for a guest that is allowed wasi\ntry: --allow wasi\n"
            )
        );
    }
    let ended = fuelbox(&["run", &module, "--", "x"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("--allow wasi"), "{ended:?}");
    let ended = fuelbox(&["run", &module]);
    assert_eq!(ended.code, Some(5), "{ended:?}");
    assert!(ended.stderr.contains("try: --allow wasi\n"), "{ended:?}");
}

#[test]
fn words_that_mean_nothing_are_refused() {
    let folder = Folder::new("wasi-malformed");
    let module = folder.file("guest.wat", guest("", WORDS));
    for (flag, value, form) in [
        ("--env", "A", "NAME=VALUE"),
        ("--dir", "/tmp", "HOST::GUEST"),
    ] {
        let ended = fuelbox(&["run", &module, "--allow", "wasi", flag, value]);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.stderr.contains(form), "{ended:?}");
    }
}

#[test]
fn a_guest_of_wasi_has_more_time_by_default() {
    let folder = Folder::new("wasi-deadline");
    let module = folder.file("guest.wat", guest("", "(call $exit (i32.const 0))"));
    for (arguments, deadline) in [
        (&["--summary"][..], " of 10s,"),
        (&["--summary", "--deadline", "7s"], " of 7s,"),
    ] {
        let ended = fuelbox(&[&["run", &module, "--allow", "wasi"], arguments].concat());
        assert!(ended.stderr.contains(deadline), "{ended:?}");
    }
}

#[test]
fn a_status_is_nine_or_passed_on() {
    let folder = Folder::new("wasi-status");
    let module = folder.file("guest.wat", guest("", "(call $exit (i32.const 3))"));
    let arguments = ["run", &module, "--allow", "wasi"];
    assert_eq!(fuelbox(&arguments).code, Some(9));
    let passed = fuelbox(&[&arguments[..], &["--exit-status"]].concat());
    assert_eq!(passed.code, Some(3));
}

#[test]
fn the_error_stream_is_passed_on_byte_for_byte() {
    let folder = Folder::new("wasi-streams");
    let module = folder.file("guest.wat", guest("\\1b[2out", BOTH));
    let ended = fuelbox(&["run", &module, "--allow", "wasi", "--quiet"]);
    assert_eq!((ended.stdout(), ended.stderr.as_str()), ("out", "\x1b[2"));
    // What the program says begins a line of its own.
    let told = fuelbox(&["run", &module, "--allow", "wasi", "--summary"]);
    assert!(
        told.stderr.starts_with("\x1b[2\nfuelbox: finished"),
        "{told:?}"
    );
    assert!(told.stderr.contains("error stream   3B\n"), "{told:?}");

    let limited = ["run", &module, "--allow", "wasi", "--stderr-limit", "2"];
    let ended = fuelbox(&limited);
    assert!(ended.stderr.contains("2B, 1B dropped\n"), "{ended:?}");
}

#[test]
fn a_document_holds_both_streams_and_is_alone() {
    let folder = Folder::new("wasi-document");
    let module = folder.file("guest.wat", guest("errout", BOTH));
    let ended = fuelbox(&["run", &module, "--allow", "wasi", "--json", "--quiet"]);
    assert_eq!(ended.stderr, "");
    let report: Report = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(
        (&*report.output, &*report.stderr),
        (&b"out"[..], &b"err"[..])
    );
}

#[test]
fn input_clock_and_random_bytes_are_those_asked_for() {
    let folder = Folder::new("wasi-grants");
    let echo = "(call $write (i32.const 1) (i32.const 4096) (call $read (i32.const 0)))";
    let module = folder.file("echo.wat", guest("", echo));
    let ended = fuelbox_reading(&["run", &module, "--allow", "wasi"], b"from stdin");
    assert_eq!(ended.stdout(), "from stdin");

    let body = "
        (call $check (call $time (i32.const 0) (i64.const 0) (i32.const 4096)))
        (call $check (call $random (i32.const 4104) (i32.const 8)))
        (call $write (i32.const 1) (i32.const 4096) (i32.const 16))";
    let module = folder.file("clock.wat", guest("", body));
    let run = |allow: &str| fuelbox(&["run", &module, "--allow", allow]).stdout;
    let fixed = run("wasi,clock=fixed:5,random=7");
    assert_eq!(fixed[..8], 5_000_000_000_u64.to_le_bytes());
    let default = run("wasi");
    assert_eq!(default, run("wasi"));
    assert_ne!(default[8..], fixed[8..]);
}

#[test]
fn inspect_says_that_a_module_needs_wasi() {
    let folder = Folder::new("wasi-inspect");
    let module = folder.file("guest.wat", guest("", WORDS));
    let ended = fuelbox(&["inspect", &module]);
    assert_eq!(ended.code, Some(5), "{ended:?}");
    assert!(
        ended
            .stdout()
            .ends_with("would not run: needs --allow wasi\n"),
        "{ended:?}"
    );
    let allowed = fuelbox(&["inspect", &module, "--allow", "wasi"]);
    assert_eq!(allowed.code, Some(0), "{allowed:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_written_is_seen_while_the_guest_runs() {
    use std::{io::Read, process::Command};

    let folder = Folder::new("wasi-live");
    let body = "
        (call $write (i32.const 2) (i32.const 2048) (i32.const 3))
        (call $write (i32.const 1) (i32.const 2051) (i32.const 3))
        (loop (br 0))";
    let module = folder.file("guest.wat", guest("errout", body));
    // Fuel bounds the test where nothing comes.
    let mut child = start(&[
        "run",
        &module,
        "--allow",
        "wasi",
        "--deadline",
        "1m",
        "--fuel",
        "30G",
    ]);
    send(&mut child, b"");
    let mut seen = [0; 3];
    let stdout = child.stdout.as_mut().unwrap();
    stdout.read_exact(&mut seen).unwrap();
    assert_eq!(&seen, b"out");
    let stderr = child.stderr.as_mut().unwrap();
    stderr.read_exact(&mut seen).unwrap();
    assert_eq!(&seen, b"err");
    let process = child.id().to_string();
    let sent = Command::new("kill").args(["-INT", &process]).status();
    assert!(sent.unwrap().success());
    let ended = Ended::from(child.wait_with_output().unwrap());
    // It ran until it was told to stop.
    assert!(ended.stderr.contains("cancelled by Ctrl-C"), "{ended:?}");
}
