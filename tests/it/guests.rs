//! Guests in files do what their headers say, whatever the slice size.

use crate::harness::Case;
use std::path::Path;

#[test]
fn guests_do_what_their_headers_say() {
    run_all("tests/guests");
}

#[test]
fn attacks_end_as_their_headers_say() {
    run_all("tests/hostile");
}

#[test]
fn a_header_that_cannot_fail_is_refused() {
    let problems = [
        ("(module)", "attacks or shows"),
        (";; shows: nothing\n(module)", "expects nothing"),
        (
            ";; shows: a slip\n;; expects: fuel\n(module)",
            "no such key",
        ),
        (
            ";; shows: a slip\n;; expect: trap\n;; fuel: much\n(module)",
            "fuel:",
        ),
    ];
    for (text, expected) in problems {
        let problem = Case::read(text).err().expect("the header is wrong");
        assert!(problem.contains(expected), "{problem}");
    }
    let wrong = ";; shows: nothing\n;; expect: out-of-fuel\n(module (func (export \"_start\")))";
    assert!(
        Case::read(wrong)
            .expect("the header is well")
            .run()
            .is_err()
    );
}

fn run_all(folder: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "wat"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    let failed: Vec<_> = paths
        .iter()
        .filter_map(|path| {
            let text = std::fs::read_to_string(path).expect("it can be read");
            let problem = Case::read(&text).and_then(|case| case.run()).err()?;
            Some(format!("{}: {problem}", path.display()))
        })
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
