//! The future of a call, for any executor.

use super::{Execution, Finished, Slice, Step, Timer, Wait};
#[cfg(feature = "std")]
use crate::host::Listener;
use alloc::boxed::Box;
use core::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

/// The time of one poll. Executors go on with timers and sockets only after so many polls of tasks that are ready:
/// tokio after
/// 61. So these take 2.5 ms, and a timer of 1 ms is at most so late.
const POLL_TIME: Duration = Duration::from_micros(40);

/// The fuel of one poll, for clocks that stand still: 1.5 ms of plain arithmetic.
const FUEL_PER_POLL: u64 = 5_000_000;

/// How often standard input is asked whether something has come.
const INPUT_TIME: Duration = Duration::from_millis(1);

/// How late a cancel may be noticed while the guest waits, where nobody can be woken by one.
#[cfg(not(feature = "std"))]
const CANCEL_TIME: Duration = Duration::from_millis(10);

/// A call in progress, as a future of what it leaves.
///
/// Each poll runs the guest for 40 us, then wakes itself, so that other tasks, timers and sockets get their turn.
/// Dropping it ends the run.
///
/// A guest that asks its host is answered by [`Function::from_async`](crate::Function::from_async). Where nobody
/// could answer it, it ends as [`Stop::Unanswered`](crate::Stop::Unanswered).
pub struct Run {
    execution: Option<Execution>,
    poll_time: Duration,
    timer: Option<Box<dyn Timer>>,
    sleep: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    /// What wakes a guest that waits when it is cancelled.
    #[cfg(feature = "std")]
    listener: Option<Listener>,
}

impl Run {
    /// Sets the time that one poll takes: shorter for other tasks, longer for less work between polls.
    ///
    /// It is kept as a [`Slice::time`] is.
    ///
    /// ```
    /// # use fuelbox::{Execution, Finished};
    /// # use std::{future::IntoFuture, time::Duration};
    /// async fn run(execution: Execution) -> Finished {
    ///     execution.into_future().poll_time(Duration::from_micros(100)).await
    /// }
    /// # let _ = run;
    /// ```
    #[must_use]
    pub fn poll_time(self, time: Duration) -> Self {
        Self {
            poll_time: time,
            ..self
        }
    }

    /// Sets what wakes the guest when it sleeps, when it waits for standard input, which is then asked every
    /// millisecond, and when it has waited too long for an answer.
    ///
    /// Without one it polls: a guest that sleeps or waits for input lets each poll sleep for its time and wakes itself,
    /// and [`Limits::wait`](crate::Limits::wait) ends a wait for an answer only when something else wakes it.
    ///
    /// ```
    /// # use fuelbox::{Execution, Finished};
    /// # use std::time::Duration;
    /// # mod tokio { pub mod time { pub async fn sleep(_: std::time::Duration) {} } }
    /// async fn run(execution: Execution) -> Finished {
    ///     execution.into_future().timer(tokio::time::sleep).await
    /// }
    /// # use std::future::IntoFuture;
    /// # let _ = run;
    /// ```
    #[must_use]
    pub fn timer(self, timer: impl Timer + 'static) -> Self {
        Self {
            timer: Some(Box::new(timer)),
            ..self
        }
    }

    /// Sees to it that the guest, which waits, is polled again; whether it is to be finished.
    fn wait(&mut self, wait: Wait, context: &mut Context<'_>) -> bool {
        let Some(execution) = &mut self.execution else {
            return false;
        };
        #[cfg(feature = "std")]
        if let Some(token) = execution.instance().guest.store.data().watch.token() {
            let listener = self.listener.get_or_insert_with(|| token.listen());
            listener.set(context.waker());
        }
        if wait == Wait::Host {
            match execution.poll_answering(context) {
                // Nobody else has the execution to answer it.
                None => return true,
                Some(Poll::Pending) if self.timer.is_none() => return false,
                Some(Poll::Pending) => {}
                Some(Poll::Ready(())) => {
                    self.sleep = None;
                    context.waker().wake_by_ref();
                    return false;
                }
            }
        }
        let Some(timer) = &self.timer else {
            execution.sleep_at_most(self.poll_time);
            context.waker().wake_by_ref();
            return false;
        };
        let left = || timer.sleep(execution.wait_left().unwrap_or(INPUT_TIME));
        let sleep = self.sleep.get_or_insert_with(left);
        if sleep.as_mut().poll(context).is_ready() {
            self.sleep = None;
            context.waker().wake_by_ref();
        }
        false
    }
}

impl Future for Run {
    type Output = Finished;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Finished> {
        let run = &mut *self;
        let execution = run.execution.as_mut();
        let execution = execution.expect("a future is not polled once it is ready");
        let is_over = match execution.step(Slice::fuel(FUEL_PER_POLL).within(run.poll_time)) {
            Step::Done => true,
            Step::Waiting(wait) => run.wait(wait, context),
            Step::Paused => {
                run.sleep = None;
                context.waker().wake_by_ref();
                false
            }
        };
        match run.execution.take() {
            Some(execution) if is_over => Poll::Ready(execution.finish()),
            execution => {
                run.execution = execution;
                Poll::Pending
            }
        }
    }
}

impl Execution {
    fn sleep_at_most(&mut self, longest: Duration) {
        if let Some(instance) = &mut self.instance {
            self.running.sleep(&mut instance.guest, longest);
        }
    }

    /// How long to leave the guest alone, which waits.
    fn wait_left(&self) -> Option<Duration> {
        let guest = &self.instance.as_ref()?.guest;
        let left = self.running.wait_left(guest)?;
        #[cfg(not(feature = "std"))]
        if guest.store.data().watch.can_be_cancelled() {
            return Some(left.min(CANCEL_TIME));
        }
        Some(left)
    }
}

impl IntoFuture for Execution {
    type Output = Finished;
    type IntoFuture = Run;

    fn into_future(self) -> Run {
        Run {
            execution: Some(self),
            poll_time: POLL_TIME,
            timer: None,
            sleep: None,
            #[cfg(feature = "std")]
            listener: None,
        }
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("execution", &self.execution)
            .field("poll_time", &self.poll_time)
            .finish_non_exhaustive()
    }
}
