//! One run of a guest under a plan.

use crate::{
    grants::{grant, grant_unchanging},
    plan::Plan,
};
use fuelbox::{Error, Execution, Limits, Module, Report, Sandbox, Slice};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// What a guest is run in, with a clock that goes on as the plan says.
pub(crate) fn sandbox(plan: &Plan, limits: Limits) -> Sandbox {
    let (tick, time) = (plan.tick(), AtomicU64::new(0));
    let clock = move || {
        let tick = tick.as_nanos() as u64;
        Duration::from_nanos(time.fetch_add(tick, Ordering::Relaxed))
    };
    grant(Sandbox::with_clock(limits, clock), plan)
}

/// The same, but time stands still: what a run does depends on the guest alone.
pub(crate) fn timeless(plan: &Plan, limits: Limits) -> Sandbox {
    grant(Sandbox::with_clock(limits, || Duration::ZERO), plan)
}

/// The same, and nothing that the host keeps for the guest changes from call to call.
pub(crate) fn unchanging(plan: &Plan, limits: Limits) -> Sandbox {
    grant_unchanging(Sandbox::with_clock(limits, || Duration::ZERO), plan)
}

/// Starts the guest; what refuses it must be what was foreseen.
///
/// # Panics
/// Where it is not.
pub(crate) fn start(sandbox: &Sandbox, module: &Module, plan: &Plan) -> Result<Execution, Error> {
    let foreseen = sandbox.check(module).refusals.into_iter().next();
    let started = sandbox.start(module, plan.input());
    match (&foreseen, &started) {
        // Found only when the instance is made.
        (None, Ok(_) | Err(Error::Segment)) => {}
        (Some(foreseen), Err(error)) => assert_eq!(foreseen, error),
        (foreseen, started) => panic!("foreseen was {foreseen:?}, but it is {started:?}"),
    }
    started
}

/// Runs in steps whose sizes are drawn.
pub(crate) fn in_steps(mut execution: Execution, mut size: impl FnMut() -> u64) -> Report {
    while !execution.step(Slice::fuel(size())).is_done() {}
    execution.finish().report
}

/// The report without what depends on time and slices.
pub(crate) fn same_but_for_time(mut report: Report) -> Report {
    report.usage.time = Duration::ZERO;
    report.usage.overrun = Duration::ZERO;
    report.usage.slices = 0;
    report
}
