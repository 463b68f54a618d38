//! What every guest does, a line for each, so that machines can be compared.
//!
//! `.ci/bits` runs this for 64 bits and for 32 and compares what is printed; so can anyone with another
//! machine. The official tests print a number for all their reports as well.

use crate::{
    built_guests::{self, EACH, SINGLE, TOOLCHAINS},
    harness::{Case, cases, digest::Digest, roomy, timeless},
};
use fuelbox::{Error, Report, Tree, capability::Wasi};

#[test]
#[ignore = "prints what `.ci/bits` compares between platforms"]
fn what_every_guest_does() {
    for folder in ["tests/guests", "tests/hostile"] {
        for (path, case) in cases(folder) {
            let name = path.rsplit('/').next().unwrap_or_default();
            println!("{folder}/{name}: {}", shown(&run(&case)));
        }
    }
    let each = TOOLCHAINS.map(|toolchain| EACH.map(|what| format!("{toolchain}-{what}")));
    let single = SINGLE.map(String::from);
    for name in each.into_iter().flatten().chain(single) {
        let module = built_guests::module(&name);
        let report = built_guests::sandbox().run(&module, INPUT);
        println!("{name}: {}", shown(&report));
    }
    for name in WASI {
        let module = built_guests::module(&format!("wasi/{name}"));
        let wasi = Wasi::new()
            .args(["--to", "wörld"])
            .mount("/data", Tree::new().writable());
        let report = timeless(roomy()).grant(wasi).run(&module, INPUT);
        println!("wasi/{name}: {}", shown(&report));
    }
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
            format!("{code} after {fuel} fuel, {digest}")
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
