//! The span of a run in a worker, for `tracing`: that of a run here, and the worker's number in it.

use super::{error::WorkerError, worker_module::WorkerModule};
use crate::{
    execution::span,
    limits::{CallLimits, Limits},
    report::Report,
};
use tracing::Span;

/// Has `run` run `module` in a span; what it gives is told by `report`.
///
/// What the guest has logged is told when it has ended: until then it is up to a worker whether there is more.
pub(super) fn in_span<T>(
    module: &WorkerModule,
    limits: &Limits,
    call: Option<&CallLimits>,
    run: impl FnOnce(&Span) -> Result<T, WorkerError>,
    report: impl FnOnce(&T) -> &Report,
) -> Result<T, WorkerError> {
    let span = span::open(
        module.fingerprint(),
        None,
        call.unwrap_or(&limits.call),
        limits.instance.memory_bytes,
    );
    span.in_scope(|| {
        let ended = run(&span);
        match &ended {
            Ok(ended) => tell(&span, report(ended)),
            Err(WorkerError::Stopped(report)) => tell(&span, report),
            Err(WorkerError::Refused(error)) => span::refuse(&span, error),
            Err(error) => {
                span.record("outcome", "refused");
                tracing::warn!(target: "fuelbox", "no worker: {error}");
            }
        }
        ended
    })
}

/// Notes which worker it is that runs the guest.
pub(super) fn note_worker(span: &Span, id: u32) {
    span.record("worker", id);
}

fn tell(span: &Span, report: &Report) {
    for line in &report.logs {
        tracing::debug!(target: "fuelbox::guest", "{line}");
    }
    span::close(span, Some(&report.outcome), &report.usage);
}
