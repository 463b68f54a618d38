//! Workers that are started ahead, and run guests.

use super::{
    confinement::Confinement,
    error::WorkerError,
    exchange::{Answer, Errand, Task},
    instance::WorkerInstance,
    keeper::Shared,
    main::parent,
    options::WorkerOptions,
    span::{in_span, note_worker},
    spec::WorkerSpec,
    worker_module::WorkerModule,
};
use crate::{
    call::{self, Call},
    report::Report,
    value::{Params, Results, ValueType},
};
use alloc::{string::ToString, sync::Arc, vec::Vec};
use core::fmt;
use std::thread::{self, JoinHandle};
use tracing::Span;

/// Worker processes that are started ahead, and run guests.
///
/// Each run gets a worker for itself and an instance of its own in it; a worker is used again by later runs. Where all
/// are busy a run waits. A pool can be shared by threads. Dropped, it ends its workers.
///
/// ```no_run
/// use fuelbox::{Limits, Sandbox, Stop, protocol, worker::{WorkerModule, WorkerPool, WorkerSpec}};
///
/// let sandbox = Sandbox::new(Limits::default()).grant(protocol());
/// let pool = WorkerPool::new(WorkerSpec::new(&sandbox)?, 2)?;
/// let module = WorkerModule::new(std::fs::read("plugin.wasm")?);
///
/// let report = pool.run(&module, b"hello")?; // as Sandbox::run
/// if let Some(Stop::Worker { how }) = report.stop() {
///     eprintln!("the worker {how}; it has given {} bytes", report.output.len());
/// }
/// let sum: i32 = pool.call(&module, "add", (2, 40))?; // as Sandbox::call
/// let mut counter = pool.instantiate(&module)?; // as Sandbox::instantiate, in a process of its own
/// let next: i32 = counter.call("next", ())?;
/// # let _ = (sum, next);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct WorkerPool {
    pub(super) shared: Arc<Shared>,
    confinement: Confinement,
    keeper: Option<JoinHandle<()>>,
}

impl WorkerPool {
    /// A pool of `size` workers, at least one, by the default [`WorkerOptions`]; all are started and confined then.
    ///
    /// # Errors
    /// [`WorkerError::Start`] and [`WorkerError::Unconfined`] where that cannot be done, [`WorkerError::Worker`]
    /// where this process is itself a worker.
    pub fn new(spec: WorkerSpec, size: usize) -> Result<Self, WorkerError> {
        Self::with_options(spec, size, WorkerOptions::default())
    }

    /// As [`new`](Self::new), by options of the host's.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_options(
        spec: WorkerSpec,
        size: usize,
        options: WorkerOptions,
    ) -> Result<Self, WorkerError> {
        // So that a program which does not call `main` starts no workers of workers.
        if parent().is_some() {
            return Err(WorkerError::Worker);
        }
        let shared = Arc::new(Shared::new(spec, options, size));
        let keeper = {
            let shared = shared.clone();
            let thread = thread::Builder::new().name("fuelbox-workers".into());
            thread.spawn(move || shared.keep())
        };
        let keeper = keeper.map_err(|error| WorkerError::Start {
            message: error.to_string(),
        })?;
        let mut pool = Self {
            shared,
            confinement: Confinement::default(),
            keeper: Some(keeper),
        };
        let worker = pool.shared.wait_until_ready()?;
        pool.confinement = worker.confinement.clone();
        pool.shared.give_back(worker);
        Ok(pool)
    }

    /// What keeps the workers in, and what could not be applied.
    #[must_use]
    pub fn confinement(&self) -> &Confinement {
        &self.confinement
    }

    /// The numbers that the system has for the worker processes, those of instances included.
    #[must_use]
    pub fn process_ids(&self) -> Vec<u32> {
        self.shared.ids()
    }

    /// Runs `module` to its end in an instance of its own, as [`Sandbox::run`](crate::Sandbox::run) does.
    ///
    /// The report is the same, but for the times in it. Where the worker does not survive it is one of
    /// [`Stop::Worker`](crate::Stop::Worker), with what had come until then. A
    /// [`Function::waiting`](crate::Function::waiting) has nobody to answer it.
    ///
    /// # Errors
    /// [`WorkerError::Refused`] as for [`Sandbox::start`](crate::Sandbox::start), and for a module that is not
    /// admitted; [`WorkerError::Quarantined`]; [`WorkerError::Start`] where workers end and no other can be started.
    pub fn run(&self, module: &WorkerModule, call: impl Into<Call>) -> Result<Report, WorkerError> {
        self.run_typed(module, call.into(), None)
    }

    /// Calls an export by name with typed arguments in an instance of its own, as
    /// [`Sandbox::call`](crate::Sandbox::call) does.
    ///
    /// # Errors
    /// [`WorkerError::Stopped`] with the whole report where the guest, or its worker, did not finish. Else as
    /// [`run`](Self::run).
    pub fn call<P: Params, R: Results>(
        &self,
        module: &WorkerModule,
        name: &str,
        params: P,
    ) -> Result<R, WorkerError> {
        let call = Call::export(name).args(params);
        let report = self.run_typed(module, call, Some(R::TYPES))?;
        Ok(call::results(report)?)
    }

    /// Makes a guest that lives, in a worker process of its own, as
    /// [`Sandbox::instantiate`](crate::Sandbox::instantiate) does.
    ///
    /// # Errors
    /// [`WorkerError::Instances`] where as many live as may; [`WorkerError::Stopped`] where the code that runs did not
    /// finish. Else as [`run`](Self::run).
    pub fn instantiate(&self, module: &WorkerModule) -> Result<WorkerInstance, WorkerError> {
        WorkerInstance::new(&self.shared, module)
    }

    fn run_typed(
        &self,
        module: &WorkerModule,
        call: Call,
        results: Option<&[ValueType]>,
    ) -> Result<Report, WorkerError> {
        let spec = &self.shared.spec;
        let limits = call.setting.limits.clone();
        let run = |span: &Span| {
            let mut errand = Errand::new(call, results, spec)?;
            loop {
                let mut worker = self.shared.take(module)?;
                note_worker(span, worker.id());
                match errand.run(&mut worker.link, Task::Run(module), &self.shared) {
                    Ok(answer) => {
                        self.shared.give_back(worker);
                        return match answer {
                            Answer::Report { report, .. } => Ok(*report),
                            Answer::Refused(error) => Err(error.into()),
                        };
                    }
                    // It was gone before it could begin.
                    Err(lost) if !lost.has_begun => self.shared.bury(worker),
                    Err(lost) => return Ok(self.shared.lose(worker, module, *lost)),
                }
            }
        };
        in_span(module, spec.limits(), limits.as_ref(), run, |report| report)
    }
}

impl Drop for WorkerPool {
    fn drop(&mut self) {
        // As long as instances live, the thread has to: their workers end with it.
        if self.shared.close()
            && let Some(keeper) = self.keeper.take()
        {
            // It does not panic.
            let _ = keeper.join();
        }
    }
}

impl fmt::Debug for WorkerPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkerPool")
            .field("spec", &self.shared.spec)
            .field("confinement", &self.confinement)
            .finish_non_exhaustive()
    }
}
