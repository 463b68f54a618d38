//! A guest that lives, in a worker process of its own.

use super::{
    error::WorkerError,
    exchange::{Answer, Errand, Task},
    keeper::Shared,
    process::Worker,
    protocol::{Patience, ToWorker},
    span::{in_span, note_worker},
    worker_module::WorkerModule,
};
use crate::{
    call::{self, Call},
    error::Error,
    report::{Outcome, Report},
    value::{Params, Results, ValueType},
};
use alloc::{boxed::Box, sync::Arc};
use core::{fmt, mem, time::Duration};
use tracing::Span;

/// A guest that lives, in a worker process of its own: its memory, globals and tables last from call to call.
///
/// Made by [`WorkerPool::instantiate`](super::WorkerPool::instantiate); as [`Instance`](crate::Instance), but that it
/// is neither stepped nor looked into. Dropped, it gives its worker back.
pub struct WorkerInstance {
    shared: Arc<Shared>,
    module: WorkerModule,
    initialization: Report,
    life: Life,
}

/// Where an instance stands.
enum Life {
    /// It can be called.
    Alive(Worker),
    /// A call is in progress.
    Busy,
    /// It can be called no more; what a later call is told. Its worker has gone back.
    Over(Error),
}

impl WorkerInstance {
    pub(super) fn new(shared: &Arc<Shared>, module: &WorkerModule) -> Result<Self, WorkerError> {
        in_span(
            module,
            shared.spec.limits(),
            None,
            |span| Self::new_in(span, shared, module),
            Self::initialization,
        )
    }

    fn new_in(
        span: &Span,
        shared: &Arc<Shared>,
        module: &WorkerModule,
    ) -> Result<Self, WorkerError> {
        let mut errand = Errand::new(Call::entry(), None, &shared.spec)?;
        loop {
            let mut worker = shared.take(module)?;
            note_worker(span, worker.id());
            match errand.run(&mut worker.link, Task::Instantiate(module), shared) {
                Ok(Answer::Report {
                    report,
                    alive: true,
                }) => {
                    if let Err(error) = shared.pin() {
                        leave(shared, worker);
                        return Err(error);
                    }
                    return Ok(Self {
                        shared: shared.clone(),
                        module: module.clone(),
                        initialization: *report,
                        life: Life::Alive(worker),
                    });
                }
                Ok(answer) => {
                    shared.give_back(worker);
                    return Err(match answer {
                        Answer::Report { report, .. } => WorkerError::Stopped(report),
                        Answer::Refused(error) => error.into(),
                    });
                }
                Err(lost) if !lost.has_begun => shared.bury(worker),
                Err(lost) => {
                    let report = shared.lose(worker, module, *lost);
                    return Err(WorkerError::Stopped(Box::new(report)));
                }
            }
        }
    }

    /// Calls the guest and runs it to its end: the entry, or what `call` says.
    ///
    /// # Errors
    /// [`WorkerError::Refused`] as for [`Instance::run`](crate::Instance::run). A guest that fails, or whose worker
    /// does not survive it, is no error: the report says so.
    pub fn run(&mut self, call: impl Into<Call>) -> Result<Report, WorkerError> {
        self.run_typed(call.into(), None)
    }

    /// Calls an export by name with typed arguments, and gives back what it returns.
    ///
    /// # Errors
    /// [`WorkerError::Refused`] as for [`run`](Self::run), or where the export has other results than `R`;
    /// [`WorkerError::Stopped`] with the whole report where the guest did not finish.
    pub fn call<P: Params, R: Results>(&mut self, name: &str, params: P) -> Result<R, WorkerError> {
        let call = Call::export(name).args(params);
        let report = self.run_typed(call, Some(R::TYPES))?;
        Ok(call::results(report)?)
    }

    /// Whether it can be called.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        matches!(self.life, Life::Alive(_))
    }

    /// What happened in start function and `_initialize`.
    #[must_use]
    pub fn initialization(&self) -> &Report {
        &self.initialization
    }

    /// The number that the system has for its process; none where that has ended.
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        match &self.life {
            Life::Alive(worker) => Some(worker.id()),
            Life::Busy | Life::Over(_) => None,
        }
    }

    fn run_typed(
        &mut self,
        call: Call,
        results: Option<&[ValueType]>,
    ) -> Result<Report, WorkerError> {
        let (shared, module) = (self.shared.clone(), self.module.clone());
        let limits = call.setting.limits.clone();
        in_span(
            &module,
            shared.spec.limits(),
            limits.as_ref(),
            |span| self.run_in(span, call, results),
            |report| report,
        )
    }

    fn run_in(
        &mut self,
        span: &Span,
        call: Call,
        results: Option<&[ValueType]>,
    ) -> Result<Report, WorkerError> {
        let mut errand = Errand::new(call, results, &self.shared.spec)?;
        let mut worker = match mem::replace(&mut self.life, Life::Busy) {
            Life::Alive(worker) => worker,
            life => {
                let error = life.refusal();
                self.life = life;
                return Err(error.into());
            }
        };
        note_worker(span, worker.id());
        let (life, report) = match errand.run(&mut worker.link, Task::Call, &self.shared) {
            Ok(Answer::Refused(error)) => (Life::Alive(worker), Err(error.into())),
            Ok(Answer::Report {
                report,
                alive: true,
            }) => (Life::Alive(worker), Ok(*report)),
            Ok(Answer::Report { report, .. }) => {
                self.shared.unpin();
                self.shared.give_back(worker);
                (Life::Over(over(&report)), Ok(*report))
            }
            Err(lost) => {
                self.shared.unpin();
                let report = self.shared.lose(worker, &self.module, *lost);
                (Life::Over(over(&report)), Ok(report))
            }
        };
        self.life = life;
        report
    }
}

impl Life {
    /// What a call is told that cannot be.
    #[cold]
    fn refusal(&self) -> Error {
        match self {
            Self::Over(error) => error.clone(),
            // Only where a panic of the host's own went through a call.
            Self::Alive(_) | Self::Busy => Error::Engine {
                message: "an earlier call of the instance was left in its middle".into(),
            },
        }
    }
}

impl Drop for WorkerInstance {
    fn drop(&mut self) {
        match mem::replace(&mut self.life, Life::Busy) {
            Life::Alive(worker) => {
                self.shared.unpin();
                leave(&self.shared, worker);
            }
            Life::Busy => self.shared.unpin(),
            Life::Over(_) => {}
        }
    }
}

impl fmt::Debug for WorkerInstance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkerInstance")
            .field("module", &self.module)
            .field("process_id", &self.process_id())
            .finish_non_exhaustive()
    }
}

/// Gives back a worker whose guest nobody needs any longer.
fn leave(shared: &Shared, mut worker: Worker) {
    /// It has nothing else to do than to read it.
    const TIME: Duration = Duration::from_secs(1);

    let left = worker
        .link
        .channel
        .send(&ToWorker::Drop, &[], Patience::of(TIME));
    match left {
        Ok(()) => shared.give_back(worker),
        Err(_) => shared.bury(worker),
    }
}

/// What later calls are told.
fn over(report: &Report) -> Error {
    match &report.outcome {
        Outcome::Stopped { stop, .. } => Error::InstanceStopped {
            stop: Box::new(stop.clone()),
        },
        Outcome::Finished { status } => Error::InstanceExited { status: *status },
    }
}
