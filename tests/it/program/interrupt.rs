//! Ctrl-C cancels the run, and the report is still handed out.
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

#[test]
fn ctrl_c_cancels_the_run_and_the_report_is_still_printed() {
    let folder = Folder::new("interrupt");
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
    let process = child.id().to_string();
    let sent = Command::new("kill").args(["-INT", &process]).status();
    assert!(sent.unwrap().success());
    let ended = Ended::from(child.wait_with_output().unwrap());
    assert_eq!(ended.code, Some(130), "{ended:?}");
    assert!(ended.stderr.contains("cancelled with Ctrl-C"), "{ended:?}");
    let report: Report = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(report.stop(), Some(&Stop::Cancelled));
}
