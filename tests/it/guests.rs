//! Guests in files do what their headers say, whatever the slice size.

use crate::harness::{Case, texts};
use fuelbox::Proposal;

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
    let runs_here = |text: &str| Proposal::Simd.is_supported() || !text.contains("v128");
    let failed: Vec<_> = texts(folder)
        .iter()
        .filter(|(_, text)| runs_here(text))
        .filter_map(|(path, text)| {
            let problem = Case::read(text).and_then(|case| case.run()).err()?;
            Some(format!("{path}: {problem}"))
        })
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
