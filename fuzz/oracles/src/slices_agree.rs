//! How a run is sliced, stepped or watched does not show in its report, nor when its host answers; a cancelled run is
//! the start of the whole one.

use crate::{
    draw::Draw,
    guest::grow,
    laws,
    plan::Plan,
    run::{in_steps, same_but_for_time, start, timeless},
    waiting,
};
use fuelbox::{Execution, Module, Report, Slice, Step, Stop};

/// Runs the guest that `data` makes in several rhythms.
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
    let limits = plan.timeless();
    let sandbox = timeless(&plan, limits.clone());
    let Ok(execution) = start(&sandbox, &module, &plan) else {
        return;
    };
    let again = || start(&sandbox, &module, &plan).expect("it started before");
    let whole = same_but_for_time(execution.finish().report);
    laws::holds(&whole, &limits);

    let mut draw = plan.draw();
    // Slices of one fuel take long where there is much of it.
    let least = whole.usage.fuel / 4_096;
    let exponent = draw.below(16);
    let most = 1 + draw.below(1 << exponent);
    let stepped = in_steps(again(), || least + 1 + draw.below(most));
    assert_eq!(same_but_for_time(stepped), whole);

    let mut watched = again();
    let token = watched.cancel_token();
    assert_eq!(same_but_for_time(watched.finish().report), whole);
    token.cancel();

    cancelled(again(), &mut draw, &whole);

    let later = waiting::answered_later(timeless(&plan, limits), &mut draw);
    waiting::check(|| start(&later, &module, &plan), &mut draw, &whole);
}

/// Cancels after some steps.
fn cancelled(mut execution: Execution, draw: &mut Draw, whole: &Report) {
    let token = execution.cancel_token();
    let fuel = draw.below(whole.usage.fuel + 1);
    let is_over = execution.step(Slice::fuel(fuel)) == Step::Done;
    token.cancel();
    let report = same_but_for_time(execution.finish().report);
    if is_over {
        assert_eq!(report, *whole);
        return;
    }
    is_start(&report, whole);
}

/// Whether a run that was cancelled is the start of the whole one.
///
/// # Panics
/// Where it is not.
pub(crate) fn is_start(report: &Report, whole: &Report) {
    assert_eq!(report.stop(), Some(&Stop::Cancelled));
    assert!(whole.output.starts_with(&report.output));
    assert!(whole.stderr.starts_with(&report.stderr));
    assert!(whole.logs.starts_with(&report.logs));
    let (part, all) = (&report.usage, &whole.usage);
    assert!(part.fuel <= all.fuel, "{part:?} of {all:?}");
    assert!(part.host_calls <= all.host_calls, "{part:?} of {all:?}");
    assert!(
        part.peak_memory_bytes <= all.peak_memory_bytes,
        "{part:?} of {all:?}"
    );
    assert!(
        part.memory_growths_denied <= all.memory_growths_denied,
        "{part:?} of {all:?}"
    );
}
