//! What finishes under limits finishes under larger ones, with the same report; and with exactly the
//! fuel that it used, but with no less.

use crate::{
    guest::grow,
    plan::Plan,
    run::{same_but_for_time, start, timeless},
};
use fuelbox::{Limits, Module, Outcome, Stop};

/// Runs the guest that `data` makes under several limits.
///
/// # Panics
/// Where a law is broken.
pub(crate) fn check(data: &[u8]) {
    let (plan, bytes) = Plan::split(data);
    let Some(wasm) = grow::module(&plan, bytes) else {
        return;
    };
    let Ok(module) = Module::builder().limits(plan.module_limits()).build(&wasm) else {
        return;
    };
    let run = |limits| {
        let execution = start(&timeless(&plan, limits), &module, &plan).ok()?;
        Some(same_but_for_time(execution.finish().report))
    };
    let limits = plan.timeless();
    let Some(report) = run(limits.clone()) else {
        return;
    };
    if matches!(report.stop(), Some(Stop::OutOfFuel { .. })) {
        return;
    }
    // What a guest is told of its limits is a denied growth, and nothing else.
    let (denied, fuel) = (
        report.usage.memory_growths_denied + report.usage.table_growths_denied,
        report.usage.fuel,
    );
    if denied == 0 && matches!(report.outcome, Outcome::Finished { .. }) {
        assert_eq!(run(larger(&limits, &module)).as_ref(), Some(&report));
    }
    assert_eq!(run(limits.clone().fuel(fuel)), Some(report));
    if let Some(less) = fuel.checked_sub(1) {
        let stopped = run(limits.fuel(less)).expect("it started before");
        assert_eq!(stopped.stop(), Some(&Stop::OutOfFuel { limit: less }));
    }
}

/// Every limit larger, but for those that only cut what is logged.
fn larger(limits: &Limits, module: &Module) -> Limits {
    // A guest with files is told, too, when there is no memory for them.
    let has_files = module
        .imports()
        .iter()
        .any(|import| import.name == "path_open");
    let memory = if has_files { 1 } else { 2 };
    limits
        .clone()
        .fuel(limits.call.fuel * 2)
        .memory_bytes(limits.instance.memory_bytes * memory)
        .table_elements(limits.instance.table_elements * 2)
        .output_bytes(limits.call.output_bytes * 2)
}
