//! What every guest does, a line for each, so that machines can be compared.
//!
//! `tests/vectors.txt` has what they did; `.ci/processors` compares it on other processors, and anyone can on another
//! machine. `.ci/bits` does so for 32 bits, with the official tests, which print a number for all their reports.

use crate::{
    built_guests::{self, EACH, SINGLE, TOOLCHAINS},
    harness::{Case, cases, digest::Digest, roomy, timeless},
};
use fuelbox::{Error, Proposal, Report, Tree, capability::Wasi};

#[test]
fn the_interpreter_is_built_with_portable_dispatch_wherever_its_calls_are_not_known_to_be_jumps() {
    const FLAT: &str = r#"any(target_arch = "x86_64", target_arch = "aarch64")"#;

    let manifest = include_str!("../../Cargo.toml");
    let section = format!("[target.'cfg(not({FLAT}))'.dependencies]\n");
    let (_, dependencies) = manifest
        .split_once(&section)
        .expect("all others are covered");
    let line = dependencies.lines().next().expect("it says how");
    assert!(
        line.starts_with("wasmi = ") && line.contains(r#"features = ["portable-dispatch"]"#),
        "{line}"
    );
}

#[test]
#[cfg(all(feature = "simd", feature = "wat"))]
fn every_guest_does_what_the_vectors_say() {
    const NEEDS_VECTORS: &str = "tests/hostile/table_of_vector_branches.wat: ";

    let vectors = include_str!("../vectors.txt");
    let runs_here = |line: &&str| Proposal::Simd.is_supported() || !line.starts_with(NEEDS_VECTORS);
    let expected: Vec<_> = vectors.lines().filter(runs_here).collect();
    let found = lines();
    for (number, (found, expected)) in found.iter().zip(&expected).enumerate() {
        assert_eq!(
            found, expected,
            "line {number} of tests/vectors.txt; if it should have changed on every platform, make the file again:\n\
             cargo test --features cli,json --test it -- --ignored make_the_vectors_again"
        );
    }
    assert_eq!(found.len(), expected.len());
}

#[test]
#[ignore = "a tool, no test"]
#[expect(clippy::disallowed_methods, reason = "it writes what is checked in")]
fn make_the_vectors_again() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors.txt");
    std::fs::write(path, lines().join("\n") + "\n").expect("the file can be written");
}

#[test]
#[ignore = "prints what `.ci/bits` compares between platforms"]
fn what_every_guest_does() {
    lines().iter().for_each(|line| println!("{line}"));
}

/// What every guest does, a line for each.
fn lines() -> Vec<String> {
    let mut lines = Vec::new();
    for folder in ["tests/guests", "tests/hostile"] {
        for (path, case) in cases(folder) {
            let name = path.rsplit('/').next().unwrap_or_default();
            lines.push(format!("{folder}/{name}: {}", shown(&run(&case))));
        }
    }
    let each = TOOLCHAINS.map(|toolchain| EACH.map(|what| format!("{toolchain}-{what}")));
    let single = SINGLE.map(String::from);
    for name in each.into_iter().flatten().chain(single) {
        let module = built_guests::module(&name);
        let report = built_guests::sandbox().run(&module, INPUT);
        lines.push(format!("{name}: {}", shown(&report)));
    }
    for name in WASI {
        let module = built_guests::module(&format!("wasi/{name}"));
        let wasi = Wasi::new()
            .args(["--to", "wörld"])
            .mount("/data", Tree::new().writable());
        let report = timeless(roomy()).grant(wasi).run(&module, INPUT);
        lines.push(format!("wasi/{name}: {}", shown(&report)));
    }
    lines
}

fn run(case: &Case) -> Result<Report, Error> {
    let module = case.admit()?;
    Ok(case.start(&case.sandbox(), &module)?.finish().report)
}

/// How a run ended and what it used for people, a digest of all the rest.
fn shown(outcome: &Result<Report, Error>) -> String {
    match outcome {
        Ok(report) => {
            let mut digest = Digest::default();
            digest.add(report);
            let (code, fuel) = (report.outcome.code(), report.usage.fuel);
            let (peak, output) = (report.usage.peak_memory_bytes, report.output.len());
            format!(
                "{code} after {fuel} fuel, {peak} bytes of memory, {output} of output, {digest}"
            )
        }
        Err(error) => format!("{} {error}", error.code()),
    }
}

const INPUT: &[u8] = b"{\"a\": [1, 2.5e3, \"\xc3\xa9\"], \"b\": null}\nto be or not to be\n";

const WASI: [&str; 9] = [
    "c-args_env",
    "c-clocks",
    "c-files",
    "c-fill",
    "c-random",
    "c-stdio",
    "go-tour",
    "rust-tour",
    "zig-tour",
];
