//! Guests and modules of all kinds fit a small native stack.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

use crate::harness::{Case, cases, heavy::heavy, on_a_stack_of};
use fuelbox::Module;
use std::process::Command;

/// What a thread of the host may be given, in KiB.
const SMALL_KIB: usize = 256;

#[test]
fn attacks_end_as_they_should_on_a_small_stack() {
    run_attacks(SMALL_KIB);
}

#[test]
fn modules_that_are_deep_and_wide_are_admitted_on_a_small_stack() {
    admit_modules(SMALL_KIB);
}

#[test]
#[cfg(feature = "wat")]
fn text_that_nests_is_read_on_a_small_stack() {
    const DEEP: usize = 100_000;
    let nest = |before: &str, open: &str, middle: &str, after: &str| {
        let (open, close) = (open.repeat(DEEP), ")".repeat(DEEP));
        format!("{before}{open}{middle}{close}{after}")
    };
    let texts = [
        nest("", "(", "", ""),
        nest("(module (func ", "(block ", "", "))"),
        nest("(module (func ", "(drop ", "(i32.const 0)", "))"),
        nest(
            "(module (global i32 ",
            "(i32.add (i32.const 1) ",
            "(i32.const 0)",
            "))",
        ),
        nest("(module ", "(rec ", "(type (func))", ")"),
        nest("(module ", "(@custom ", "", ")"),
        nest("", "(module ", "", ""),
        nest("", "(component ", "", ""),
        "(;".repeat(DEEP),
    ];
    on_a_stack_of(SMALL_KIB, || {
        for text in &texts {
            assert!(Module::from_wat(text).is_err(), "{}", &text[..40]);
        }
    });
}

/// Finds what docs/limits.md says under "Native stack".
#[test]
#[ignore = "starts a process for each size that it tries; .ci/run has it"]
fn the_smallest_stack_that_works_is_small() {
    for (what, _) in WORKS {
        let least = smallest(what);
        println!("{what}: {least} KiB are enough");
        assert!(least <= SMALL_KIB, "{what} takes {least} KiB");
    }
}

/// The child of the search: does one work on a stack of one size, or dies.
#[test]
#[ignore = "a process of its own, started by the search"]
#[expect(clippy::disallowed_methods, reason = "the parent says what to do")]
fn child() {
    let (Ok(what), Ok(kib)) = (std::env::var(WORK), std::env::var(KIB)) else {
        return;
    };
    let (_, work) = WORKS
        .iter()
        .find(|(name, _)| **name == *what)
        .expect("there is such work");
    work(kib.parse().expect("a number"));
}

/// Does something on a stack of so many KiB.
type Work = fn(usize);

const WORKS: &[(&str, Work)] = &[("admission", admit_modules), ("runs", run_attacks)];

/// Variables that tell the child what to do.
const WORK: &str = "FUELBOX_STACK_WORK";
const KIB: &str = "FUELBOX_STACK_KIB";

/// The smallest stack that the work fits, in KiB.
fn smallest(what: &str) -> usize {
    const STEP: usize = 4;
    let (mut too_small, mut enough) = (0, 4_096);
    while enough - too_small > STEP {
        let middle = usize::midpoint(too_small, enough);
        if fits(what, middle) {
            enough = middle;
        } else {
            too_small = middle;
        }
    }
    enough
}

fn fits(what: &str, kib: usize) -> bool {
    let program = std::env::current_exe().expect("it runs");
    let output = Command::new(program)
        .args(["--exact", "small_stacks::child", "--ignored"])
        .env(WORK, what)
        .env(KIB, kib.to_string())
        .output()
        .expect("it starts");
    let is_done = String::from_utf8_lossy(&output.stdout).contains("1 passed");
    output.status.success() && is_done
}

fn run_attacks(kib: usize) {
    let attacks = cases("tests/hostile");
    on_a_stack_of(kib, || {
        for (path, case) in &attacks {
            if let Err(problem) = run(case) {
                panic!("{path}: {problem}");
            }
        }
    });
}

/// To its end in the largest slices there are, since it is in these that the native stack grows.
fn run(case: &Case) -> Result<(), String> {
    let Ok(module) = case.admit() else {
        return Ok(());
    };
    match case.start(&case.sandbox(), &module) {
        Ok(execution) => case.expect.report(&execution.finish().report),
        Err(error) => case.expect.refusal(&error),
    }
}

fn admit_modules(kib: usize) {
    let modules = heavy();
    on_a_stack_of(kib, || {
        for module in &modules {
            if let Err(error) = Module::new(&module.wasm) {
                panic!("{}: {error}", module.name);
            }
        }
    });
}
