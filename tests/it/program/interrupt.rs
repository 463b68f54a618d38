//! Ctrl-C, SIGTERM or SIGHUP cancels the run, and what is known by then is still handed out.
#![cfg(target_os = "linux")]

use super::{EXPORTS, Ended, Folder, start};
use fuelbox::{Report, Stop};
use std::{fs, process::Command, thread};

/// Whether the process has a handler for SIGINT, which is bit 1 of the mask.
fn listens(process: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status"))
        .expect("the process is there until it is waited for");
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    let mask = caught.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.expect("every process has that line") & 0b10 != 0
}

/// Hundredths of a second that the process has worked.
fn worked(process: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))
        .expect("the process is there until it is waited for");
    let user = stat.split_whitespace().nth(13);
    let user = user.and_then(|user| user.parse().ok());
    user.expect("it is the time in user mode")
}

fn interrupt(process: u32) {
    signal(process, "-INT");
}

fn signal(process: u32, signal: &str) {
    let process = process.to_string();
    let sent = Command::new("kill").args([signal, &process]).status();
    assert!(sent.expect("there is kill").success());
}

#[test]
fn ctrl_c_cancels_the_run_and_the_report_is_still_printed() {
    is_cancelled_by("-INT");
}

#[test]
fn a_signal_to_end_is_what_ctrl_c_is() {
    is_cancelled_by("-TERM");
}

fn is_cancelled_by(name: &str) {
    let folder = Folder::new(&format!("interrupt{name}"));
    let module = folder.file("guest.wat", EXPORTS);
    // Fuel bounds the test where the signal is lost.
    let child = start(&[
        "run",
        &module,
        "--invoke",
        "spin",
        "--deadline",
        "1m",
        "--fuel",
        "100G",
        "--json",
    ]);
    while !listens(child.id()) {
        thread::yield_now();
    }
    signal(child.id(), name);
    let ended = Ended::from(child.wait_with_output().expect("the program ends"));
    assert_eq!(ended.code, Some(130), "{ended:?}");
    // The document has the rest.
    assert_eq!(
        ended.stderr,
        "fuelbox: cancelled by Ctrl-C, SIGTERM or SIGHUP\n"
    );
    let report: Report = serde_json::from_slice(&ended.stdout).expect("it is a report");
    assert_eq!(report.stop(), Some(&Stop::Cancelled));
}

#[test]
fn ctrl_c_ends_a_bench_with_what_was_measured_until_then() {
    let folder = Folder::new("interrupt-bench");
    let module = folder.file("guest.wat", EXPORTS);
    // The number of runs bounds the test where the signal is lost.
    let child = start(&[
        "bench", &module, "--invoke", "nothing", "-n", "5M", "--json",
    ]);
    while worked(child.id()) < 20 {
        thread::yield_now();
    }
    interrupt(child.id());
    let ended = Ended::from(child.wait_with_output().unwrap());
    assert_eq!(ended.code, Some(130), "{ended:?}");
    let document = ended.json();
    assert_eq!(document["code"], "cancelled");
    let runs = document["measured"]["runs"].as_u64();
    assert!(
        runs.is_some_and(|runs| (1..5_000_000).contains(&runs)),
        "{runs:?}"
    );
}

#[test]
fn ctrl_c_ends_a_search_with_its_summary_and_what_it_found() {
    let folder = Folder::new("interrupt-fuzz");
    let module = folder.file("guest.wat", ENDLESS);
    let corpus = folder.path("corpus");
    let finds = format!("{corpus}/finds");
    // Each run hangs. Their number bounds the test where the signal is lost.
    let child = start(&[
        "fuzz", &module, "--corpus", &corpus, "--fuel", "200M", "--runs", "200",
    ]);
    let is_recorded = || {
        let entries = fs::read_dir(&finds).into_iter().flatten().flatten();
        let mut names = entries.map(|entry| entry.file_name());
        names.any(|name| name.to_string_lossy().starts_with("out-of-fuel-"))
    };
    while !is_recorded() {
        thread::yield_now();
    }
    interrupt(child.id());
    let ended = Ended::from(child.wait_with_output().unwrap());
    assert_eq!(ended.code, Some(14), "{ended:?}");
    assert!(ended.stderr.contains("finds      1 in"), "{ended:?}");
    let runs = ended.stderr.split("runs       ").nth(1);
    let runs = runs.and_then(|runs| runs.split(' ').next());
    let runs: u64 = runs.expect("it is told").parse().expect("it is a number");
    // It ends with the run that the signal comes in, and not with one of many.
    assert!((1..60).contains(&runs), "{ended:?}");
    assert!(fs::read_dir(&finds).unwrap().count() >= 2, "{ended:?}");
}

/// Never ends by itself.
const ENDLESS: &str = r#"(module (func (export "_start") (loop (br 0))))"#;
