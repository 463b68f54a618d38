//! A call as a future, for any executor.

use super::{Execution, Finished, Slice, Step, Wait};
use core::{
    future::{Future, IntoFuture},
    pin::Pin,
    task::{Context, Poll},
};

/// The fuel of one poll: 1.5 ms of plain arithmetic, so that other tasks get their turn.
const FUEL_PER_POLL: u64 = 5_000_000;

/// A call in progress, as a future of what it leaves.
///
/// Each poll is one step, then it wakes itself; while the guest waits, a poll sleeps for up to a millisecond.
/// A guest that asks its host ends as [`Stop::Unanswered`](crate::Stop::Unanswered). Dropping it ends the run.
#[derive(Debug)]
pub struct Run {
    execution: Option<Execution>,
}

impl Future for Run {
    type Output = Finished;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Finished> {
        let mut execution = self
            .execution
            .take()
            .expect("a future is not polled once it is ready");
        match execution.step(Slice::fuel(FUEL_PER_POLL)) {
            // Nobody else has the execution to answer it.
            Step::Done | Step::Waiting(Wait::Host) => return Poll::Ready(execution.finish()),
            Step::Waiting(_) => execution.sleep(),
            Step::Paused => {}
        }
        self.execution = Some(execution);
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl IntoFuture for Execution {
    type Output = Finished;
    type IntoFuture = Run;

    fn into_future(self) -> Run {
        Run {
            execution: Some(self),
        }
    }
}
