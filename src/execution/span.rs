//! The span of one run, for `tracing`.

use crate::{
    error::Error,
    limits::CallLimits,
    report::{Outcome, Usage},
};
use tracing::{Span, field};

/// Opens the span of a run of the module with this fingerprint and name; how it ended is filled in at the end.
pub(crate) fn open(
    fingerprint: u64,
    name: Option<&str>,
    limits: &CallLimits,
    memory_bytes: u64,
) -> Span {
    tracing::info_span!(
        target: "fuelbox",
        "run",
        module = %format_args!("{fingerprint:016x}"),
        name,
        fuel_limit = limits.fuel,
        deadline = ?limits.deadline,
        memory_limit = memory_bytes,
        worker = field::Empty,
        outcome = field::Empty,
        code = field::Empty,
        status = field::Empty,
        phase = field::Empty,
        fuel = field::Empty,
        time = field::Empty,
        overrun = field::Empty,
        peak_memory = field::Empty,
    )
}

/// Fills in how the run ended and what it used; `outcome` is `None` where it was dropped before its end.
pub(crate) fn close(span: &Span, outcome: Option<&Outcome>, usage: &Usage) {
    if span.is_disabled() {
        return;
    }
    match outcome {
        Some(Outcome::Finished { status }) => {
            span.record("outcome", "finished");
            span.record("status", *status);
        }
        Some(Outcome::Stopped { phase, .. }) => {
            span.record("outcome", "stopped");
            span.record("phase", field::display(phase));
        }
        None => {
            span.record("outcome", "dropped");
        }
    }
    span.record("code", outcome.map_or("dropped", Outcome::code));
    span.record("fuel", usage.fuel);
    span.record("time", field::debug(usage.time));
    span.record("overrun", field::debug(usage.overrun));
    span.record("peak_memory", usage.peak_memory_bytes);
}

/// Fills in why the run did not begin, and tells of it.
pub(crate) fn refuse(span: &Span, error: &Error) {
    span.record("outcome", "refused");
    span.record("code", error.code());
    tell(error);
}

/// Tells of a refusal. Guests decide how many there are, so that it does not count as more than a detail.
pub(crate) fn tell(error: &Error) {
    tracing::debug!(target: "fuelbox", code = error.code(), "refused: {error}");
}
