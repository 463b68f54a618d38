//! `--isolate`: the same output, exit codes and documents, from a process of its own.

use super::{ECHO, EXPORTS, Ended, FAILS_MIDWAY, Folder, fuelbox, fuelbox_reading};
use serde_json::Value;

/// Runs a module here, and in a process of its own.
fn both(test: &str, module: &str, flags: &[&str], input: &[u8]) -> [Ended; 2] {
    let folder = Folder::new(test);
    let path = folder.file("guest.wat", module);
    [&[][..], &["--isolate"]].map(|isolate| {
        let mut arguments = vec!["run", &path];
        arguments.extend(isolate);
        arguments.extend(flags);
        fuelbox_reading(&arguments, input)
    })
}

/// Without what takes another time each time.
fn said(ended: &Ended) -> Vec<&str> {
    let varies = |line: &&str| {
        ["  time", "  slices"]
            .iter()
            .any(|word| line.starts_with(word))
    };
    ended.stderr.lines().filter(|line| !varies(line)).collect()
}

#[track_caller]
fn are_the_same([here, there]: &[Ended; 2], code: i32) {
    assert_eq!(
        (here.code, there.code),
        (Some(code), Some(code)),
        "{there:?}"
    );
    assert_eq!(here.stdout, there.stdout);
    assert_eq!(said(here), said(there));
}

#[test]
fn a_run_in_a_process_of_its_own_looks_like_any_other() {
    let allow = ["--allow", "protocol"];
    are_the_same(&both("isolated", ECHO, &allow, b"in \xff"), 0);
    are_the_same(&both("isolated-midway", FAILS_MIDWAY, &allow, b""), 8);
    are_the_same(&both("isolated-denied", ECHO, &[], b""), 5);
    are_the_same(
        &both("isolated-text", "(module (func (param i3)))", &[], b""),
        6,
    );
    let invoked = ["--invoke", "add", "2", "-40"];
    are_the_same(&both("isolated-invoked", EXPORTS, &invoked, b""), 0);
    are_the_same(&both("isolated-count", EXPORTS, &invoked[..3], b""), 7);
    let missing = ["--invoke", "none"];
    are_the_same(&both("isolated-missing", EXPORTS, &missing, b""), 7);
    let spin = ["--invoke", "spin", "--fuel", "10k"];
    are_the_same(&both("isolated-fuel", EXPORTS, &spin, b""), 2);
}

#[test]
fn the_document_is_the_same_but_for_times() {
    let flags = ["--allow", "protocol", "--json"];
    let [here, there] = both("isolated-json", ECHO, &flags, b"hello").map(|ended| {
        let mut document = ended.json();
        for time in ["time", "overrun", "waited", "slices"] {
            document["usage"][time] = Value::Null;
        }
        document
    });
    assert_eq!(here, there);
    assert_eq!(there["output"], "hello");
}

#[test]
fn what_cannot_go_to_another_process_is_refused() {
    let folder = Folder::new("isolated-directory");
    let module = folder.file("guest.wat", ECHO);
    let shared = format!("{}::/data:rw", folder.path(""));
    let flags = [
        "run",
        &module,
        "--isolate",
        "--allow",
        "wasi",
        "--dir",
        &shared,
    ];
    let ended = fuelbox(&flags);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(
        ended
            .stderr
            .contains("read-write directory '/data' cannot go to a worker process"),
        "{ended:?}"
    );
    // A copy can.
    let copied = format!("{}::/data", folder.path(""));
    let flags = [
        "run",
        &module,
        "--isolate",
        "--allow",
        "wasi,protocol",
        "--dir",
        &copied,
    ];
    assert_eq!(fuelbox(&flags).code, Some(0));
}

#[test]
fn the_self_test_holds_with_each_attack_in_a_process_of_its_own() {
    let ended = fuelbox(&["selftest", "--isolate", "--json"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stdout());
    let document = ended.json();
    assert_eq!(document["code"], "contained");
    let checks = document["checks"].as_array().expect("it has checks");
    assert!(checks.len() > 120, "only {}", checks.len());
}

#[test]
fn a_worker_that_nobody_has_started_as_one_ends_at_once() {
    let ended = fuelbox(&["fuelbox-worker", "1"]);
    assert_eq!(ended.code, Some(3), "{ended:?}");
}
