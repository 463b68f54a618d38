//! The guests in `tests/guests`, and how they are run here.

#[cfg(feature = "observe")]
use crate::harness::is_observed;
use crate::harness::{MOST_RECORDED, replays};
use fuelbox::{Limits, Module, Report, Sandbox, Slice, protocol};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// Guests are called after their toolchain and what they do.
pub(super) const TOOLCHAINS: [&str; 5] = ["assemblyscript", "c", "rust", "rust163", "zig"];

/// What there is from every toolchain.
pub(super) const EACH: [&str; 6] = ["echo", "hello", "minify", "panic", "tour", "words"];

/// What there is from one toolchain.
pub(super) const SINGLE: [&str; 11] = [
    "assemblyscript-abort",
    "c-basket",
    "c-batch",
    "c-total",
    "rust-batch",
    "rust-orders",
    "rust-panic-std",
    "rust-total",
    "rust163-batch",
    "rust163-panic-std",
    "rust163-total",
];

/// Fuel of a slice; one by one only where it does not take long.
pub(super) const SLICES: [u64; 2] = [1_000, u64::MAX];
pub(super) const SLICES_OF_SMALL: [u64; 3] = [1, 1_000, u64::MAX];

/// Where guests lie: `tests/guests/build --check` sets another folder.
pub(super) fn folder() -> PathBuf {
    match std::env::var_os("FUELBOX_GUESTS") {
        Some(folder) => folder.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guests"),
    }
}

#[expect(clippy::disallowed_methods, reason = "guests are files")]
pub(super) fn bytes(name: &str) -> Vec<u8> {
    let path = folder().join(format!("{name}.wasm"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(super) fn module(name: &str) -> Module {
    Module::new(bytes(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

pub(super) fn sandbox() -> Sandbox {
    // The reports are compared, so that no clock may have a say.
    Sandbox::new(Limits::default().deadline(Duration::MAX)).grant(protocol())
}

/// Runs a guest in slices of each size; the reports must not differ.
pub(super) fn run_sliced(sandbox: &Sandbox, name: &str, input: &[u8], slices: &[u64]) -> Report {
    let module = module(name);
    let sandbox = sandbox.clone().record(MOST_RECORDED);
    let mut reports = slices.iter().map(|fuel| {
        let mut execution = sandbox
            .start(&module, input)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        while !execution.step(Slice::fuel(*fuel)).is_done() {}
        let finished = execution.finish();
        if let Err(problem) = replays(&module, &finished) {
            panic!("{name} in slices of {fuel}: {problem}");
        }
        #[cfg(feature = "observe")]
        if let Err(problem) = is_observed(&bytes(name), &finished) {
            panic!("{name} in slices of {fuel}: {problem}");
        }
        let mut report = finished.report;
        report.usage.time = Duration::ZERO;
        report.usage.slices = 0;
        report
    });
    let first = reports.next().expect("there is at least one size");
    for (report, fuel) in reports.zip(slices.iter().skip(1)) {
        assert_eq!(report, first, "{name} in slices of {fuel}");
    }
    first
}

pub(super) fn logs(report: &Report) -> Vec<&str> {
    report.logs.iter().map(|line| &*line.text).collect()
}

/// Runs a guest of each toolchain on a small input.
pub(super) fn each(what: &str, input: &[u8], check: impl Fn(&str, Report)) {
    for toolchain in TOOLCHAINS {
        let name = format!("{toolchain}-{what}");
        check(
            &name,
            run_sliced(&sandbox(), &name, input, &SLICES_OF_SMALL),
        );
    }
}
