//! A run as a future, for any executor.

use super::{Execution, Step};
use crate::report::Report;
use core::{
    future::{Future, IntoFuture},
    pin::Pin,
    task::{Context, Poll},
};

/// The fuel of one poll: 1.5 ms of plain arithmetic, so that other tasks get their turn.
const FUEL_PER_POLL: u64 = 5_000_000;

/// A run in progress, as a future of its [`Report`].
///
/// Each poll is one step, then it wakes itself. Dropping it ends the run.
#[derive(Debug)]
pub struct Run {
    execution: Option<Execution>,
}

impl Future for Run {
    type Output = Report;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Report> {
        let execution = self
            .execution
            .as_mut()
            .expect("a future is not polled once it is ready");
        if execution.step(FUEL_PER_POLL) == Step::Done {
            let report = execution.complete();
            self.execution = None;
            return Poll::Ready(report);
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl IntoFuture for Execution {
    type Output = Report;
    type IntoFuture = Run;

    fn into_future(self) -> Run {
        Run {
            execution: Some(self),
        }
    }
}
