//! The sandbox: limits and grants together, from which guests are started.

use crate::{
    call::{self, Call, CallError, Setting, Target},
    capability::{Capability, Grants},
    clock::{Clock, MonotonicClock},
    error::Error,
    execution::{self, Execution},
    instance::{Instance, Setup},
    limits::Limits,
    module::{AbiVersion, Module},
    preflight::{ImportCheck, ImportStatus, Preflight},
    report::Report,
    value::{Params, Results},
};
use alloc::{borrow::Cow, sync::Arc, vec::Vec};
use core::fmt;
use fuelbox_guest::protocol;

/// Limits and grants: what guests may use. Reusable and cheap to share; it runs nothing by itself.
///
/// Nothing is granted by default.
///
/// ```
/// use fuelbox::{Limits, Sandbox, protocol};
///
/// let sandbox = Sandbox::new(Limits::default().fuel(1_000_000)).grant(protocol());
/// # let _ = sandbox;
/// ```
///
/// All that it does with a module:
///
/// ```
/// use fuelbox::{Call, Limits, Module, Sandbox, Slice};
///
/// # let wasm = wat::parse_bytes(br#"(module (func (export "_start"))
/// #     (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))"#)?;
/// # fn time_since_boot() -> std::time::Duration { std::time::Duration::ZERO }
/// let module = Module::new(&wasm)?;
/// let sandbox = Sandbox::new(Limits::default());
///
/// let report = sandbox.run(&module, b"input")?; // a fresh guest, its entry, to its end
/// assert_eq!(sandbox.call::<_, i32>(&module, "add", (2, 40))?, 42); // or one export, typed
/// let mut execution = sandbox.start(&module, b"input")?; // or step by step
/// while !execution.step(Slice::fuel(100_000)).is_done() {}
/// let mut instance = sandbox.instantiate(&module)?; // or a guest that is kept
/// assert_eq!(instance.call::<_, i32>("add", (2, 40))?, 42);
///
/// assert!(sandbox.check(&module).would_run()); // without running anything
/// assert!(!sandbox.check_call(&module, &Call::export("add")).would_run()); // it has no arguments
///
/// // Stricter, laxer, by a clock of your own:
/// let strict = Sandbox::new(Limits::default()).require_abi_version();
/// let lax = Sandbox::new(Limits::default()).stub_unknown();
/// let own = Sandbox::with_clock(Limits::default(), time_since_boot);
/// assert_eq!(own.limits(), &Limits::default());
/// # let _ = (report, strict, lax);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Sandbox {
    limits: Limits,
    grants: Grants,
    clock: Clock,
    abi_version_required: bool,
    /// The most bytes of a recording, if runs are recorded.
    record: Option<u64>,
}

impl Sandbox {
    /// A sandbox that measures deadlines by the clock of the machine.
    #[cfg(feature = "std")]
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            grants: Grants::default(),
            clock: Clock::System,
            abi_version_required: false,
            record: None,
        }
    }

    /// A sandbox that measures deadlines by a clock of the host.
    #[must_use]
    pub fn with_clock(limits: Limits, clock: impl MonotonicClock + 'static) -> Self {
        let clock = Clock::Host(Arc::new(clock));
        Self {
            limits,
            grants: Grants::default(),
            clock,
            abi_version_required: false,
            record: None,
        }
    }

    /// Grants a capability. Granting the same one again replaces the first.
    #[must_use]
    pub fn grant(mut self, capability: impl Capability) -> Self {
        capability.open(&mut self.grants);
        self
    }

    /// Refuses guests that do not say which version of the protocol they were built for.
    #[must_use]
    pub fn require_abi_version(mut self) -> Self {
        self.abi_version_required = true;
        self
    }

    /// Records what crosses the boundary into each guest, so that it can be run again: see
    /// [`Recording`](crate::Recording).
    ///
    /// [`Finished::recording`](crate::Finished::recording) and [`Instance::recording`] have it. What
    /// [`run`](Self::run) and [`call`](Self::call) give has none: for one call in an instance of its own, finish what
    /// [`start`](Self::start) begins.
    ///
    /// A recording holds the guest's input and all that host functions gave it, at most `most_bytes` of them: what
    /// comes then is left out, and the run goes on. It costs at most 16 bytes for each host call beside the data.
    ///
    /// ```
    /// use fuelbox::{Limits, Module, Sandbox};
    ///
    /// # let wasm = wat::parse_bytes(br#"(module (func (export "_start") unreachable))"#)?;
    /// let sandbox = Sandbox::new(Limits::default()).record(16 << 20);
    /// let finished = sandbox.start(&Module::new(&wasm)?, "input")?.finish();
    /// let recording = finished.recording.expect("the sandbox records");
    /// # let _ = recording.to_bytes();
    /// // Kept where somebody will look at it: std::fs::write("run.fbrun", recording.to_bytes())?
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn record(self, most_bytes: u64) -> Self {
        Self {
            record: Some(most_bytes),
            ..self
        }
    }

    /// Links functions that no capability offers, so that a module which imports them can start.
    ///
    /// A call of one stops the run as [`Stop::HostFunction`](crate::Stop::HostFunction). What a capability
    /// offers and was not granted is still refused, and so are imports that are no functions.
    #[must_use]
    pub fn stub_unknown(mut self) -> Self {
        self.grants.stub_unknown();
        self
    }

    /// The limits of each run.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The same with a deadline that no guest reaches: only what is the same everywhere ends one.
    #[cfg(feature = "fuzz")]
    pub(crate) fn timeless(&self) -> Self {
        /// Reports show it, so it is one that can be read.
        const YEAR: core::time::Duration = core::time::Duration::from_secs(365 * 24 * 60 * 60);

        let mut sandbox = self.clone();
        sandbox.limits.call.deadline = YEAR;
        sandbox
    }

    /// What was granted.
    #[cfg(any(feature = "fuzz", all(feature = "worker", unix)))]
    pub(crate) fn grants(&self) -> &Grants {
        &self.grants
    }

    /// Whether guests have to say which version of the protocol they were built for.
    #[cfg(all(feature = "worker", unix))]
    pub(crate) fn is_abi_version_required(&self) -> bool {
        self.abi_version_required
    }

    /// Runs `module` to its end in an instance of its own: its entry on this input, or what `call` says.
    ///
    /// # Errors
    /// As [`start`](Self::start). A guest that fails is not an error: the report says so.
    pub fn run(&self, module: &Module, call: impl Into<Call>) -> Result<Report, Error> {
        let Call { callee, setting } = call.into();
        let target = self.admit(module, &setting, || callee.target(module))?;
        execution::run(&self.setup(module), target, setting)
    }

    /// Prepares a run of `module` in an instance of its own; no guest code runs before the first step.
    ///
    /// The guest's entry is `execute`, else `_start`; start function and `_initialize` run before what is
    /// called, as part of it.
    ///
    /// # Errors
    /// An import that is unknown, not granted or of another type; a memory that is not exported where an
    /// import reads or writes it; an entry or export that is missing or of
    /// another type; a guest built for another version of the protocol; input, initial memory or
    /// tables beyond the limits; [`Error::UnsafeBuild`].
    pub fn start(&self, module: &Module, call: impl Into<Call>) -> Result<Execution, Error> {
        let Call { callee, setting } = call.into();
        let target = self.admit(module, &setting, || callee.target(module))?;
        execution::start(&self.setup(module), target, setting)
    }

    /// What can be refused before imports are looked up.
    fn admit<'a>(
        &self,
        module: &Module,
        setting: &Setting,
        target: impl FnOnce() -> Result<Target<'a>, Error>,
    ) -> Result<Target<'a>, Error> {
        setting
            .must_fit(&self.limits.call)
            .and_then(|()| self.fit(module))
            .and_then(|()| target())
            .inspect_err(execution::tell)
    }

    /// Calls an export by name with typed arguments in an instance of its own, and gives back what it returns.
    ///
    /// For input, extensions, output, logs and usage, see [`run`](Self::run) with [`Call::export`].
    ///
    /// # Errors
    /// [`CallError::Refused`] as for [`start`](Self::start), or where the export has other
    /// results than `R`; [`CallError::Stopped`] with the whole report where the guest did not finish.
    pub fn call<P: Params, R: Results>(
        &self,
        module: &Module,
        name: &str,
        params: P,
    ) -> Result<R, CallError> {
        let arguments = params.into_values();
        let setting = Setting::default();
        let target = self.admit(module, &setting, || {
            call::typed::<P, R>(module, name, arguments.as_ref())
        })?;
        call::results(execution::run(&self.setup(module), target, setting)?)
    }

    /// Makes a guest that is kept; its start function and `_initialize` have then run, under the limits of a call.
    ///
    /// # Errors
    /// [`CallError::Refused`] as [`start`](Self::start), but that no entry is needed; [`CallError::Stopped`] where
    /// the code that runs did not finish, or exited.
    pub fn instantiate(&self, module: &Module) -> Result<Instance, CallError> {
        self.fit(module).inspect_err(execution::tell)?;
        execution::instantiate(&self.setup(module))
    }

    /// Begins to make a guest that is kept: what [`instantiate`](Self::instantiate) runs is then run step by step.
    ///
    /// [`Execution::finish`] gives the instance back, unless its start function or `_initialize` was stopped.
    ///
    /// ```
    /// use fuelbox::{Limits, Module, Sandbox, Slice};
    ///
    /// # let wasm = wat::parse_bytes(br#"(module (func (export "_initialize")) (func (export "two") (result i32) (i32.const 2)))"#)?;
    /// let sandbox = Sandbox::new(Limits::default());
    /// let mut execution = sandbox.start_instance(&Module::new(&wasm)?)?;
    /// while !execution.step(Slice::fuel(100_000)).is_done() {}
    /// let mut instance = execution.finish().instance.expect("nothing stopped it");
    /// assert!(instance.initialization().is_some_and(|report| report.is_success()));
    /// assert_eq!(instance.call::<(), i32>("two", ())?, 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`start`](Self::start), but that no entry is needed.
    pub fn start_instance(&self, module: &Module) -> Result<Execution, Error> {
        self.fit(module).inspect_err(execution::tell)?;
        execution::start(
            &self.setup(module),
            Target::Initialization,
            Setting::default(),
        )
    }

    /// What would keep `module` from running, found by what [`start`](Self::start) itself does.
    ///
    /// The module needs an entry for that; [`check_call`](Self::check_call) asks about another export.
    #[must_use]
    pub fn check(&self, module: &Module) -> Preflight {
        let fit = self.fit(module).err();
        self.preflight(module, fit.into_iter().chain(module.entry().err()), None)
    }

    /// What would keep `call` from running, found by what [`start`](Self::start) itself does.
    #[must_use]
    pub fn check_call(&self, module: &Module, call: &Call) -> Preflight {
        let first = [
            call.setting.must_fit(&self.limits.call).err(),
            self.fit(module).err(),
            call.callee.target(module).err(),
        ];
        let last = execution::passable(&call.callee).err();
        self.preflight(module, first.into_iter().flatten(), last)
    }

    /// How imports would be served, and why not, between what is found before and after them.
    fn preflight(
        &self,
        module: &Module,
        first: impl Iterator<Item = Error>,
        last: Option<Error>,
    ) -> Preflight {
        let imports: Vec<_> = module
            .imports()
            .iter()
            .zip(self.grants.resolve(module.imports()))
            .map(|(import, served)| {
                let status = match served {
                    Ok(link) => match link.capability() {
                        Some(capability) => ImportStatus::Granted {
                            capability: Cow::Borrowed(capability),
                        },
                        None => ImportStatus::Stub,
                    },
                    Err(Error::ImportNotGranted { capability, .. }) => {
                        ImportStatus::Denied { capability }
                    }
                    Err(Error::ImportType { expected, .. }) => ImportStatus::WrongType { expected },
                    Err(_) => ImportStatus::Unknown,
                };
                ImportCheck {
                    import: import.clone(),
                    status,
                }
            })
            .collect();
        let unserved = self
            .grants
            .resolve(module.imports())
            .filter_map(Result::err);
        let memory = self.grants.must_reach_memory(module).err();
        let refusals = first.chain(unserved).chain(memory).chain(last).collect();
        Preflight { imports, refusals }
    }

    /// Whether a module fits the limits and the protocol, whatever its input.
    fn fit(&self, module: &Module) -> Result<(), Error> {
        match module.abi_version() {
            AbiVersion::Absent if !self.abi_version_required => {}
            AbiVersion::Constant(protocol::ABI_VERSION) => {}
            AbiVersion::Absent | AbiVersion::Computed => {
                return Err(Error::AbiVersion {
                    host: protocol::ABI_VERSION,
                    guest: None,
                });
            }
            AbiVersion::Constant(guest) => {
                return Err(Error::AbiVersion {
                    host: protocol::ABI_VERSION,
                    guest: Some(guest),
                });
            }
        }
        let (limit, requested) = (
            self.limits.instance.memory_bytes,
            module.initial_memory_bytes(),
        );
        if requested > limit {
            return Err(Error::InitialMemory { limit, requested });
        }
        let (limit, requested) = (
            self.limits.instance.table_elements,
            module.initial_table_elements(),
        );
        if requested > limit {
            return Err(Error::InitialTable { limit, requested });
        }
        Ok(())
    }

    fn setup<'a>(&'a self, module: &'a Module) -> Setup<'a> {
        Setup {
            module,
            grants: &self.grants,
            limits: &self.limits,
            clock: self.clock.clone(),
            record: self.record,
        }
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("limits", &self.limits)
            .field("grants", &self.grants)
            .finish_non_exhaustive()
    }
}
