//! Calls on an instance, each through the one loop.

use super::{Execution, finish::After, running::Running, span};
use crate::{
    call::{self, Call, CallError, Setting, Target},
    error::Error,
    host::values,
    instance::{Guest, Instance, Setup},
    report::Report,
    value::{Params, Results},
};
use alloc::boxed::Box;
use tracing::Span;

/// Makes an instance and runs what every instance begins with: start function and `_initialize`.
///
/// # Errors
/// [`CallError::Refused`], or [`CallError::Stopped`] where that code stops or exits.
pub(crate) fn instantiate(setup: &Setup<'_>) -> Result<Instance, CallError> {
    let (mut guest, mut running) = begin_in_new(setup, None, Setting::default())?;
    let report = Box::new(running.complete(&mut guest, After::Kept));
    if guest.must_be_alive().is_err() {
        return Err(CallError::Stopped(report));
    }
    guest.initialization = Some(report);
    Ok(Instance { guest })
}

/// Begins a call in an instance of its own; no guest code runs yet.
///
/// # Errors
/// Those of [`Guest::link`] and of beginning the call.
pub(crate) fn start(
    setup: &Setup<'_>,
    target: Target<'_>,
    setting: Setting,
) -> Result<Execution, Error> {
    let (guest, running) = begin_in_new(setup, Some(target), setting)?;
    Ok(Execution::new(Instance { guest }, running))
}

fn begin_in_new(
    setup: &Setup<'_>,
    target: Option<Target<'_>>,
    setting: Setting,
) -> Result<(Box<Guest>, Running), Error> {
    let span = open(setup, &setting);
    let entered = span.enter();
    let mut guest = Box::new(Guest::unlinked(setup));
    let linked = guest.link(setup.grants);
    let begun = linked.and_then(|()| Running::begin(&mut guest, target, setting, &span));
    drop(entered);
    let running = begun.inspect_err(|error| span::refuse(&span, error))?;
    Ok((guest, running))
}

/// Runs a call to its end in an instance of its own.
///
/// In place: short runs would notice an instance being moved about or put on the heap.
///
/// # Errors
/// As [`start`].
pub(crate) fn run(
    setup: &Setup<'_>,
    target: Target<'_>,
    setting: Setting,
) -> Result<Report, Error> {
    let span = open(setup, &setting);
    let entered = span.enter();
    let mut guest = Guest::unlinked(setup);
    let refused = match guest.link(setup.grants) {
        // By reference, so that it too stays where it is.
        Ok(()) => match &mut Running::begin(&mut guest, Some(target), setting, &span) {
            Ok(running) => {
                drop(entered);
                return Ok(running.complete(&mut guest, After::Dropped));
            }
            Err(error) => error.clone(),
        },
        Err(error) => error,
    };
    drop(entered);
    span::refuse(&span, &refused);
    Err(refused)
}

/// The span of the first call of an instance.
fn open(setup: &Setup<'_>, setting: &Setting) -> Span {
    let limits = setup.limits;
    span::open(
        setup.module,
        setting.limits.as_ref().unwrap_or(&limits.call),
        limits.instance.memory_bytes,
    )
}

impl Instance {
    /// Calls the guest and runs it to its end: the entry, or what `call` says.
    ///
    /// # Errors
    /// [`Error::InstanceStopped`] and [`Error::InstanceExited`] where an earlier call has ended the instance; an
    /// entry or export that is missing or of another type; input beyond the limits. A guest that fails is no
    /// error: the report says so.
    pub fn run(&mut self, call: impl Into<Call>) -> Result<Report, Error> {
        let mut running = self.begin_call(call.into())?;
        Ok(running.complete(&mut self.guest, After::Kept))
    }

    /// Calls an export by name with typed arguments, and gives back what it returns.
    ///
    /// For input, extensions, output, logs and usage, see [`run`](Self::run) with [`Call::export`].
    ///
    /// # Errors
    /// [`CallError::Refused`] as for [`run`](Self::run), or where the export has other results than `R`;
    /// [`CallError::Stopped`] with the whole report where the guest did not finish.
    pub fn call<P: Params, R: Results>(&mut self, name: &str, params: P) -> Result<R, CallError> {
        let arguments = params.into_values();
        let target = call::typed::<P, R>(&self.guest.module, name, arguments.as_ref());
        let mut running = self.begin(target, Setting::default())?;
        match running.results(&mut self.guest) {
            Ok(results) => {
                let results = R::from_values(results.iter().map(values::from_wasmi));
                Ok(results.expect("the export returns what was asked for"))
            }
            Err(report) => call::results(*report),
        }
    }

    /// Begins a call that is run step by step; no guest code runs before the first one.
    ///
    /// The instance comes back from [`Execution::finish`]. Dropping the execution drops it too.
    ///
    /// # Errors
    /// [`Refused`], as for [`run`](Self::run), with the instance.
    pub fn start(mut self, call: impl Into<Call>) -> Result<Execution, Refused> {
        match self.begin_call(call.into()) {
            Ok(running) => Ok(Execution::new(self, running)),
            Err(error) => Err(Refused {
                error,
                instance: self,
            }),
        }
    }

    fn begin_call(&mut self, call: Call) -> Result<Running, Error> {
        let Call { callee, setting } = call;
        let target = callee.target(&self.guest.module);
        self.begin(target, setting)
    }

    fn begin(
        &mut self,
        target: Result<Target<'_>, Error>,
        setting: Setting,
    ) -> Result<Running, Error> {
        let guest = &mut *self.guest;
        let limits = setting.limits.as_ref().unwrap_or(&guest.limits);
        let memory_bytes = guest.store.data().meter.memory_limit();
        let span = span::open(&guest.module, limits, memory_bytes);
        let may = guest.must_be_alive();
        may.and_then(|()| setting.must_fit(&guest.limits))
            .and(target)
            .and_then(|target| Running::begin(guest, Some(target), setting, &span))
            .inspect_err(|error| span::refuse(&span, error))
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
    pub instance: Instance,
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        refused.error
    }
}
