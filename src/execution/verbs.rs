//! Calls on an instance, each through the one loop.

use super::{Execution, finish::After, running::Running, span};
use crate::{
    call::{self, Call, CallError},
    error::Error,
    instance::{Instance, Setup},
    report::Report,
    value::{Params, Results},
};
use alloc::boxed::Box;
use tracing::Span;

/// Makes an instance and runs what every instance begins with: start function and `_initialize`.
///
/// # Errors
/// [`CallError::Refused`], or [`CallError::Stopped`] where that code stops or exits.
pub(crate) fn instantiate(setup: Setup<'_>) -> Result<Instance, CallError> {
    let limits = setup.limits;
    let fingerprint = setup.module.fingerprint();
    let span = span::open(fingerprint, &limits.call, limits.instance.memory_bytes);
    let begun = Instance::set_up(setup).and_then(|mut instance| {
        let running = Running::begin(&mut instance, None, &span)?;
        Ok((instance, running))
    });
    let (mut instance, mut running) = begun.inspect_err(|error| span::refuse(&span, error))?;
    let report = Box::new(running.complete(&mut instance, After::Kept));
    if !instance.is_alive() {
        return Err(CallError::Stopped(report));
    }
    instance.initialization = Some(report);
    Ok(instance)
}

impl Execution {
    /// Makes an instance for one call; no guest code runs yet.
    ///
    /// # Errors
    /// Those of [`Instance::set_up`] and of beginning the call.
    pub(crate) fn of_new_instance(setup: Setup<'_>, call: Call) -> Result<Self, Error> {
        let limits = setup.limits;
        let call_limits = call.limits.as_ref().unwrap_or(&limits.call);
        let fingerprint = setup.module.fingerprint();
        let span = span::open(fingerprint, call_limits, limits.instance.memory_bytes);
        let begin = || {
            let entered = span.enter();
            let mut instance = Instance::set_up(setup)?;
            let running = Running::begin(&mut instance, Some(call), &span)?;
            drop(entered);
            Ok(Self::new(instance, running))
        };
        begin().inspect_err(|error| span::refuse(&span, error))
    }
}

impl Instance {
    /// Calls the guest and runs it to its end: the entry, or what `call` says.
    ///
    /// # Errors
    /// [`Error::InstanceStopped`] and [`Error::InstanceExited`] where an earlier call has ended the instance; an
    /// entry or export that is missing or of another type; input beyond the limits. A guest that fails is no
    /// error: the report says so.
    pub fn run(&mut self, call: impl Into<Call>) -> Result<Report, Error> {
        let mut running = self.begin(call.into())?;
        Ok(running.complete(self, After::Kept))
    }

    /// Calls an export by name with typed arguments, and gives back what it returns.
    ///
    /// For input, extensions, output, logs and usage, see [`run`](Self::run) with [`Call::export`].
    ///
    /// # Errors
    /// [`CallError::Refused`] as for [`run`](Self::run), or where the export has other results than `R`;
    /// [`CallError::Stopped`] with the whole report where the guest did not finish.
    pub fn call<P: Params, R: Results>(&mut self, name: &str, params: P) -> Result<R, CallError> {
        let module = self.module.clone();
        call::typed(&module, name, params, |call| self.run(call))
    }

    /// Begins a call that is run step by step; no guest code runs before the first one.
    ///
    /// The instance comes back from [`Execution::finish`]. Dropping the execution drops it too.
    ///
    /// # Errors
    /// [`Refused`], as for [`run`](Self::run), with the instance.
    pub fn start(mut self, call: impl Into<Call>) -> Result<Execution, Refused> {
        match self.begin(call.into()) {
            Ok(running) => Ok(Execution::new(self, running)),
            Err(error) => Err(Refused {
                error,
                instance: Box::new(self),
            }),
        }
    }

    fn begin(&mut self, call: Call) -> Result<Running, Error> {
        let limits = call.limits.as_ref().unwrap_or(&self.limits);
        let memory_bytes = self.store.data().meter.memory_limit();
        let span: Span = span::open(self.module.fingerprint(), limits, memory_bytes);
        Running::begin(self, Some(call), &span).inspect_err(|error| span::refuse(&span, error))
    }
}

/// A call that was refused, and the instance that was to run it.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
#[non_exhaustive]
pub struct Refused {
    /// Why.
    pub error: Error,
    /// The instance, as it was before.
    pub instance: Box<Instance>,
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        refused.error
    }
}
