//! What starts from a snapshot does what the instance would that it was made of.
//!
//! `fuzz/oracles` has this file too, so that it names nothing of the tests.

use fuelbox::{Call, Error, Instance, Module, Report, Sandbox};

/// Asserts that what starts from `first`, which is a snapshot of `instance`, and from a snapshot of that, does the
/// same as `instance` in these calls, `but_for` some of each report.
pub(crate) fn go_on_the_same(
    sandbox: &Sandbox,
    instance: &mut Instance,
    first: &Module,
    calls: impl Fn() -> Vec<Call>,
    but_for: fn(Report) -> Report,
) {
    let mut warm = sandbox.instantiate(first).expect("it started before");
    let second = warm.snapshot().expect("it can be written");
    assert_eq!(second.wasm(), first.wasm());
    for (of_warm, of_instance) in calls().into_iter().zip(calls()) {
        if !instance.is_alive() {
            break;
        }
        let (report, memory) = seen(instance, of_instance, but_for);
        let (report_of_warm, memory_of_warm) = seen(&mut warm, of_warm, but_for);
        assert_eq!(report_of_warm, report);
        // Of millions of bytes nobody wants to read.
        assert!(memory_of_warm == memory, "memory differs after {report:?}");
    }
}

fn seen(
    instance: &mut Instance,
    call: Call,
    but_for: fn(Report) -> Report,
) -> (Result<Report, Error>, Vec<u8>) {
    let report = instance.run(call).map(but_for);
    let memory = instance.memory();
    let memory = memory.read(0, memory.size());
    (report, memory.expect("it is all of it").to_vec())
}
