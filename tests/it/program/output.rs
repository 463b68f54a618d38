//! What goes to standard output and error.

use super::{ECHO, EXPORTS, FAILS_MIDWAY, Folder, fuelbox, fuelbox_reading, send, start};
use std::io::Read;

#[test]
fn output_is_written_byte_for_byte() {
    let folder = Folder::new("bytes");
    let module = folder.file("guest.wat", ECHO);
    let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(100_000).collect();
    let arguments = ["run", &module, "--allow", "protocol"];
    let ended = fuelbox_reading(&arguments, &bytes);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(ended.stdout, bytes);

    let file = folder.file("input", &bytes);
    let ended = fuelbox(&["run", &module, "--allow", "protocol", "--input", &file]);
    assert_eq!(ended.stdout, bytes);
}

#[test]
fn what_a_guest_wrote_and_logged_before_it_failed_is_printed() {
    let folder = Folder::new("partial");
    let module = folder.file("guest.wat", FAILS_MIDWAY);
    let ended = fuelbox(&["run", &module, "--allow", "protocol"]);
    assert_eq!(ended.stdout, b"part");
    assert!(ended.stderr.starts_with("guest: part\n"), "{ended:?}");
    assert!(ended.stderr.contains("host calls     2\n"), "{ended:?}");
}

#[test]
fn a_hostile_log_line_stays_one_line_of_the_guest() {
    let folder = Folder::new("hostile-log");
    let module = folder.file("guest.wat", ECHO);
    let ended = fuelbox(&["run", &module, "--allow", "protocol"]);
    let first = ended.stderr.lines().next();
    assert_eq!(first, Some("guest: sly\\u{1b}[2J\\nfuelbox: finished"));
    assert!(!ended.stderr.contains('\u{1b}'));
}

#[test]
fn a_hostile_name_is_escaped_and_cut_wherever_it_is_shown() {
    let folder = Folder::new("hostile-name");
    let name = "\\1b[2J\\0afuelbox: finished\\0a\\c2\\9b\\e2\\80\\ae".repeat(1_000);
    let module = folder.file(
        "guest.wat",
        format!(
            r#"(module (import "env" "{name}" (func)) (func (export "{name}")) (func (export "_start")))"#
        ),
    );
    let shown = [
        fuelbox(&["run", &module]),
        fuelbox(&["run", &module, "--json"]),
        fuelbox(&["inspect", &module]),
    ];
    for ended in shown {
        assert_eq!(ended.code, Some(5));
        for text in [&ended.stderr, ended.stdout()] {
            let drives = |c: char| !matches!(c, ' '..='~' | '\n');
            assert!(!text.contains(drives), "{text:?}");
            assert!(!text.lines().any(|line| line == "fuelbox: finished"));
        }
        assert!(ended.stderr.len() < 1_000, "{}", ended.stderr);
    }
}

#[test]
fn a_name_in_the_words_of_the_parser_stays_on_one_line() {
    let folder = Folder::new("forged-line");
    let export = r#"(export "\0afuelbox: finished\0a" (func $f))"#;
    let module = folder.file("guest.wat", format!("(module (func $f) {export} {export})"));
    for command in ["run", "inspect"] {
        let ended = fuelbox(&[command, &module]);
        assert_eq!(ended.code, Some(6), "{ended:?}");
        assert!(ended.stderr.contains("finished"), "{ended:?}");
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
    }
}

#[test]
fn what_an_export_returns_is_on_stdout_where_there_is_no_output() {
    let folder = Folder::new("returned");
    let module = folder.file("guest.wat", EXPORTS);
    let ended = fuelbox(&["run", &module, "--invoke", "add", "2", "-40"]);
    assert_eq!(ended.stdout(), "-38\n");
    let ended = fuelbox(&["run", &module, "--invoke", "nothing"]);
    assert_eq!(ended.stdout(), "");
    let allowed = [
        "run", &module, "--allow", "output", "--invoke", "add", "2", "3",
    ];
    for more in [&[][..], &["--quiet"], &["--allow", "wasi"], &["--summary"]] {
        let ended = fuelbox(&[&allowed[..7], more, &allowed[7..]].concat());
        assert_eq!(ended.stdout(), "5\n", "{ended:?}");
    }
    let json = fuelbox(&[&allowed[..], &["--json"]].concat());
    assert_eq!(json.json()["values"][0]["i32"], 5);
    assert_eq!(json.stderr, "");
}

#[test]
fn what_an_export_returns_follows_the_output_on_lines_of_its_own() {
    let folder = Folder::new("output-and-values");
    for (text, len, stdout) in [("part", 4, "part\n7\n"), ("line\\0a", 5, "line\n7\n")] {
        let module = folder.file(
            "guest.wat",
            format!(
                r#"(module (import "env" "host_write_output" (func $write (param i32 i32)))
                    (memory (export "memory") 1) (data (i32.const 0) "{text}")
                    (func (export "seven") (result i32)
                        (call $write (i32.const 0) (i32.const {len}))
                        (i32.const 7)))"#
            ),
        );
        let ended = fuelbox(&["run", &module, "--allow", "output", "--invoke", "seven"]);
        assert_eq!(ended.stdout(), stdout, "{ended:?}");
    }
}

#[test]
fn a_report_that_cannot_be_written_is_known_before_the_guest_runs() {
    let folder = Folder::new("no-report");
    let module = folder.file("guest.wat", ECHO);
    let nowhere = folder.path("none/report.json");
    let run = ["run", &module, "--allow", "protocol", "--text", "x"];
    let ended = fuelbox(&[&run[..], &["--report", &nowhere]].concat());
    assert_eq!((ended.code, ended.stdout()), (Some(1), ""), "{ended:?}");
    assert!(ended.stderr.contains("cannot write"), "{ended:?}");
    // What was there before stays until there is a report, and nothing of it afterwards.
    let old = folder.file("old.json", "x".repeat(10_000));
    let ended = fuelbox(&[&run[..], &["--report", &old]].concat());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let report = folder.read("old.json");
    assert!(report.starts_with(b"{") && report.ends_with(b"}\n"));
}

#[test]
fn only_a_terminal_gets_colour() {
    let folder = Folder::new("colour");
    let module = folder.file("guest.wat", EXPORTS);
    for arguments in [&["run", &module][..], &["run", "--help"], &["rum"]] {
        let ended = fuelbox(arguments);
        assert!(!ended.stderr.contains('\u{1b}') && !ended.stdout().contains('\u{1b}'));
    }
}

#[test]
fn quiet_leaves_only_why_a_guest_did_not_finish() {
    let folder = Folder::new("quiet");
    let echo = folder.file("echo.wat", ECHO);
    let ended = fuelbox(&[
        "run", &echo, "--allow", "protocol", "--text", "x", "--quiet",
    ]);
    assert_eq!((ended.stdout(), ended.stderr.as_str()), ("x", ""));
    let exports = folder.file("exports.wat", EXPORTS);
    let ended = fuelbox(&[
        "run", &exports, "--invoke", "spin", "--fuel", "1k", "--quiet",
    ]);
    assert_eq!(
        ended.stderr,
        "fuelbox: out of fuel after 1,000\ntry: --fuel 10k\n"
    );
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let folder = Folder::new("closed-pipe");
    let module = folder.file("guest.wat", ECHO);
    for flag in ["--quiet", "--json"] {
        let arguments = ["run", &module, "--allow", "protocol", flag];
        let mut child = start(&arguments);
        drop(child.stdout.take());
        // More than a pipe holds, and sent only now that nobody reads.
        send(&mut child, &[b'x'; 200_000]);
        let ended = child.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    }
}

#[test]
fn a_reader_of_messages_that_has_gone_is_no_error() {
    let folder = Folder::new("closed-stderr");
    let module = folder.file("guest.wat", ECHO);
    let mut child = start(&["run", &module, "--allow", "protocol"]);
    drop(child.stderr.take());
    send(&mut child, b"x");
    let mut output = Vec::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_end(&mut output)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(output, b"x");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    use super::{Ended, command};
    use std::fs::OpenOptions;

    let folder = Folder::new("full-disk");
    let module = folder.file("guest.wat", ECHO);
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = command(&["run", &module, "--allow", "protocol", "--text", "x"]);
    let ended: Ended = command.stdout(full).output().unwrap().into();
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("cannot write standard output"));
    let reported = [
        "run",
        &module,
        "--allow",
        "protocol",
        "--report",
        "/dev/full",
    ];
    let ended = fuelbox(&reported);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("cannot write /dev/full"));
}
