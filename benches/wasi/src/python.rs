//! CPython's `print(6*7)`.

use crate::{peer::Peer, rounds::Comparison};
use fuelbox::{Limits, Module, ModuleLimits, Sandbox, capability::Wasi};
use std::{env, fs, hint::black_box, path::PathBuf, time::Duration};

/// What the guest is asked.
pub(crate) const ARGUMENTS: [&str; 2] = ["-c", "print(6*7)"];

/// What it answers.
pub(crate) const ANSWER: &[u8] = b"42\n";

/// fuelbox beside wasmi with its own WASI, which counts fuel as fuelbox does, and which does not.
pub(crate) fn compare() {
    let path = folder().join("real-modules/python/package/dist/python.wasm");
    let Ok(wasm) = fs::read(&path) else {
        println!("SKIPPED: no {}; tests/real-modules --fetch", path.display());
        return;
    };
    let limits = ModuleLimits::default().module_bytes(64 << 20);
    let module = Module::builder().limits(limits.clone()).build(&wasm).expect("it is admitted");
    let sandbox = Sandbox::new(Limits::default().deadline(Duration::from_secs(3_600)))
        .grant(Wasi::new().program("python").args(ARGUMENTS));
    let ours = || {
        let report = sandbox.run(&module, b"").expect("it starts");
        assert_eq!((report.status(), &*report.output), (Some(0), ANSWER));
        black_box(report);
    };
    for (name, metered, target) in [
        ("print(6*7), wasmi_wasi with fuel", true, "< 1.1"),
        ("print(6*7), wasmi_wasi without fuel", false, ""),
    ] {
        let peer = Peer::new(&wasm, metered);
        Comparison::new(|| peer.run(), ours).print(name, target);
    }
}

fn folder() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target")),
        PathBuf::from,
    )
}
