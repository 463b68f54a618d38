//! Guests that once differed. They still do where control flow is left as it is written, so that the search is not
//! blind; and they do the same everywhere as fuelbox runs them.

use std::{fs, path::PathBuf, process::Command};

#[test]
fn what_was_found_does_the_same_everywhere_now() {
    for guest in kept() {
        assert!(is_same(&guest, &[]), "{}", guest.display());
    }
}

#[test]
fn what_was_found_differs_where_control_flow_is_kept() {
    for guest in kept() {
        let differs = !is_same(&guest, &["--keep-control-flow"]);
        assert!(differs, "{}", guest.display());
    }
}

/// Asks another process, which a guest may kill.
fn is_same(guest: &PathBuf, words: &[&str]) -> bool {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fuelbox-campaign"));
    let output = command.arg("--judge").arg(guest).args(words).output();
    let output = output.expect("the program runs");
    let said = String::from_utf8_lossy(&output.stdout);
    // A guest that is not compared would be kept without a use.
    assert!(
        !output.status.success() || said.starts_with("Same"),
        "{}: {said}",
        guest.display()
    );
    output.status.success()
}

fn kept() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../kept/campaign");
    let entries = fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    let mut paths: Vec<_> = paths.collect();
    paths.sort();
    assert!(paths.len() >= 4, "{paths:?}");
    paths
}
