//! The methods that call an instance. Each goes through the one loop.

use super::{Execution, finish::After, running::Running, span};
use crate::{
    call::{self, Call, CallError, Setting, Target},
    error::Error,
    host::values,
    instance::{Guest, Instance, Setup},
    module::Module,
    report::Report,
    value::{Params, Results, Value},
};
use alloc::boxed::Box;

/// Makes an instance and runs what every instance begins with: start function and `_initialize`.
///
/// # Errors
/// [`CallError::Refused`], or [`CallError::Stopped`] where that code stops or exits.
pub(crate) fn instantiate(setup: &Setup<'_>) -> Result<Instance, CallError> {
    let (mut guest, mut running) =
        begin_in_new(setup, &Target::Initialization, Setting::default())?;
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
    let (guest, running) = begin_in_new(setup, &target, setting)?;
    Ok(Execution::new(Instance { guest }, running))
}

fn begin_in_new(
    setup: &Setup<'_>,
    target: &Target<'_>,
    mut setting: Setting,
) -> Result<(Box<Guest>, Running), Error> {
    let mut guest = Box::new(Guest::unlinked(setup));
    let mut running = Running::idle();
    link_and_begin(&mut guest, &mut running, setup, target, &mut setting)
        .map_err(|error| *error)?;
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
    mut setting: Setting,
) -> Result<Report, Error> {
    let mut guest = Guest::unlinked(setup);
    let mut running = Running::idle();
    link_and_begin(&mut guest, &mut running, setup, &target, &mut setting)
        .map_err(|error| *error)?;
    Ok(running.complete(&mut guest, After::Dropped))
}

/// Makes an instance of `guest` and begins its first call, in its span.
fn link_and_begin(
    guest: &mut Guest,
    running: &mut Running,
    setup: &Setup<'_>,
    target: &Target<'_>,
    setting: &mut Setting,
) -> Result<(), Box<Error>> {
    let limits = setup.limits;
    running.span = span::open(
        setup.module.fingerprint(),
        setup.module.name(),
        setting.limits.as_ref().unwrap_or(&limits.call),
        limits.instance.memory_bytes,
    );
    let span = running.span.clone();
    let begun = span.in_scope(|| -> Result<(), Box<Error>> {
        guest.link(setup.grants)?;
        running.begin(guest, target, setting)
    });
    begun.inspect_err(|error| span::refuse(&span, error))
}

impl Instance {
    /// Calls the guest and runs it to its end: the entry, or what `call` says.
    ///
    /// # Errors
    /// [`Error::InstanceStopped`] and [`Error::InstanceExited`] where an earlier call has ended the instance; an
    /// entry or export that is missing or of another type; input beyond the limits. A guest that fails is no
    /// error: the report says so.
    pub fn run(&mut self, call: impl Into<Call>) -> Result<Report, Error> {
        let mut running = Running::idle();
        self.begin_call(&mut running, call.into())
            .map_err(|error| *error)?;
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
        let target = |module: &Module| call::typed::<P, R>(module, name, arguments.as_ref());
        let mut running = Running::idle();
        self.begin(&mut running, target, &mut Setting::default())
            .map_err(|error| CallError::Refused(*error))?;
        match running.results(&mut self.guest) {
            Ok(results) => {
                let results = R::from_values(results.iter().map(values::from_wasmi));
                Ok(results.expect("the export returns what was asked for"))
            }
            Err(report) => call::results(*report),
        }
    }

    /// Calls an export by name, where its types are only known at run time: as [`call`](Self::call) otherwise.
    ///
    /// Writes what it returns to `results`, which has to have exactly as many values as the export has results;
    /// their types do not matter. A call that finishes allocates nothing where its values are few.
    ///
    /// ```
    /// use fuelbox::{Limits, Module, Sandbox, Value};
    ///
    /// # let wasm = wat::parse_bytes(br#"(module (func (export "add") (param i32 i32) (result i32)
    /// #     (i32.add (local.get 0) (local.get 1))))"#)?;
    /// let mut instance = Sandbox::new(Limits::default()).instantiate(&Module::new(&wasm)?)?;
    /// let mut results = [Value::I32(0)];
    /// instance.call_values("add", &[Value::I32(40), Value::I32(2)], &mut results)?;
    /// assert_eq!(results, [Value::I32(42)]);
    /// assert!(instance.call_values("add", &[Value::I64(40)], &mut results).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`call`](Self::call); [`Error::ExportType`] also where `results` has another
    /// length.
    pub fn call_values(
        &mut self,
        name: &str,
        args: &[Value],
        results: &mut [Value],
    ) -> Result<(), CallError> {
        let mut running = Running::idle();
        let target = |module: &Module| call::export(module, name, args, Some(results));
        self.begin(&mut running, target, &mut Setting::default())
            .map_err(|error| CallError::Refused(*error))?;
        match running.results(&mut self.guest) {
            Ok(returned) => {
                for (result, value) in results.iter_mut().zip(returned) {
                    *result = values::from_wasmi(value);
                }
                Ok(())
            }
            Err(report) if results.is_empty() && report.is_success() => Ok(()),
            Err(report) => Err(CallError::Stopped(report)),
        }
    }

    /// Begins a call that is run step by step; no guest code runs before the first one.
    ///
    /// The instance comes back from [`Execution::finish`]. Dropping the execution drops it too.
    ///
    /// # Errors
    /// [`Refused`], as for [`run`](Self::run), with the instance.
    pub fn start(mut self, call: impl Into<Call>) -> Result<Execution, Refused> {
        let mut running = Running::idle();
        match self.begin_call(&mut running, call.into()) {
            Ok(()) => Ok(Execution::new(self, running)),
            Err(error) => Err(Refused {
                error: *error,
                instance: self,
            }),
        }
    }

    fn begin_call(&mut self, running: &mut Running, call: Call) -> Result<(), Box<Error>> {
        let Call {
            callee,
            mut setting,
        } = call;
        self.begin(running, |module| callee.target(module), &mut setting)
    }

    /// Begins a call in its span.
    #[inline]
    fn begin<'a>(
        &mut self,
        running: &mut Running,
        target: impl FnOnce(&Module) -> Result<Target<'a>, Error>,
        setting: &mut Setting,
    ) -> Result<(), Box<Error>> {
        let guest = &mut *self.guest;
        let limits = setting.limits.as_ref().unwrap_or(&guest.limits);
        let memory_bytes = guest.store.data().meter.memory_limit();
        running.span = span::open(
            guest.module.fingerprint(),
            guest.module.name(),
            limits,
            memory_bytes,
        );
        let begin = |running: &mut Running| -> Result<(), Box<Error>> {
            guest.must_be_alive()?;
            setting.must_fit(&guest.limits)?;
            let target = target(&guest.module)?;
            running.begin(guest, &target, setting)
        };
        begin(running).inspect_err(|error| span::refuse(&running.span, error))
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
