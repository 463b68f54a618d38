//! What a guest may use: limits and grants.

use crate::{
    call::{Call, CallError},
    capability::{Capability, Grants},
    clock::{Clock, MonotonicClock},
    error::Error,
    execution::{self, Execution, Setup, Target},
    extern_type::{ExternType, FunctionType},
    host::Extensions,
    limits::Limits,
    module::{AbiVersion, Module},
    preflight::{ImportCheck, ImportStatus, Preflight},
    report::Report,
    value::{Params, Results, Value},
};
use alloc::{borrow::Cow, boxed::Box, sync::Arc, vec::Vec};
use core::fmt;
use fuelbox_guest::protocol;

/// What guests may use: limits and grants. Reusable, cheap to share; nothing runs yet.
///
/// Nothing is granted by default.
///
/// ```
/// use fuelbox::{Limits, Sandbox, protocol};
///
/// let sandbox = Sandbox::new(Limits::default().fuel(1_000_000)).grant(protocol());
/// # let _ = sandbox;
/// ```
#[derive(Clone)]
pub struct Sandbox {
    limits: Limits,
    grants: Grants,
    clock: Clock,
    abi_version_required: bool,
}

impl Sandbox {
    /// A sandbox that holds deadlines by the machine's own clock.
    #[cfg(feature = "std")]
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            grants: Grants::default(),
            clock: Clock::System,
            abi_version_required: false,
        }
    }

    /// A sandbox that holds deadlines by a clock of the host's.
    #[must_use]
    pub fn with_clock(limits: Limits, clock: impl MonotonicClock + 'static) -> Self {
        let clock = Clock::Host(Arc::new(clock));
        Self {
            limits,
            grants: Grants::default(),
            clock,
            abi_version_required: false,
        }
    }

    /// Opens what `capability` stands for. The same one again replaces what was granted before.
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

    /// Runs `module` on `input` to its end.
    ///
    /// # Errors
    /// As [`start`](Self::start). A guest that fails is no error: the report says so.
    pub fn run(&self, module: &Module, input: impl Into<Vec<u8>>) -> Result<Report, Error> {
        // In place, as `complete` says.
        match &mut self.start(module, input) {
            Ok(execution) => Ok(execution.complete()),
            Err(error) => Err(error.clone()),
        }
    }

    /// Prepares a run of `module` on `input`; no guest code runs before the first step.
    ///
    /// The guest's entry is `execute`, else `_start`; start function and `_initialize` run before it.
    ///
    /// # Errors
    /// An import that is unknown, not granted or of another type; a memory that is not exported where an
    /// import reads or writes it; an entry that is missing or of
    /// another type; a guest built for another version of the protocol; input, initial memory or
    /// tables beyond the limits; [`Error::UnsafeBuild`].
    pub fn start(&self, module: &Module, input: impl Into<Vec<u8>>) -> Result<Execution, Error> {
        self.start_with(module, input, Extensions::new())
    }

    /// As [`start`](Self::start), with values for host functions to find by their type.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn start_with(
        &self,
        module: &Module,
        input: impl Into<Vec<u8>>,
        extensions: Extensions,
    ) -> Result<Execution, Error> {
        let input = input.into();
        self.admit(module, input.len())
            .and_then(|()| module.entry())
            .and_then(|entry| self.begin(module, Target::Entry(entry), input, extensions))
            .inspect_err(tell)
    }

    /// Prepares a run that calls an export by name.
    ///
    /// What it returns is in [`Report::values`].
    ///
    /// # Errors
    /// As [`start`](Self::start), for this export in place of the entry.
    pub fn start_call(&self, module: &Module, call: Call) -> Result<Execution, Error> {
        self.begin_call(module, call).inspect_err(tell)
    }

    fn begin_call(&self, module: &Module, call: Call) -> Result<Execution, Error> {
        let Call {
            name,
            arguments,
            input,
            extensions,
        } = call;
        self.admit(module, input.len())?;
        let found = callable(module, &name, &arguments)?;
        let target = Target::Export {
            name,
            arguments,
            results: found.results.len(),
        };
        self.begin(module, target, input, extensions)
    }

    /// Calls an export by name with typed arguments, and gives back what it returns.
    ///
    /// For output, logs and usage of a call that went well, see [`start_call`](Self::start_call).
    ///
    /// # Errors
    /// [`CallError::Refused`] as for [`start_call`](Self::start_call), or where the export has other
    /// results than `R`; [`CallError::Stopped`] with the whole report where the guest did not finish.
    pub fn call<P: Params, R: Results>(
        &self,
        module: &Module,
        name: &str,
        params: P,
    ) -> Result<R, CallError> {
        let found = module.function(name)?;
        let expected = FunctionType::new(&P::types(), &R::types());
        if found != expected {
            return Err(wrong_export(name, expected, found).into());
        }
        let report = self
            .start_call(module, Call::new(name).arguments(params))?
            .complete();
        match R::from_values(&report.values) {
            Some(results) if report.stop().is_none() => Ok(results),
            _ => Err(CallError::Stopped(Box::new(report))),
        }
    }

    /// What would keep `module` from running, found by what [`start`](Self::start) itself does.
    ///
    /// The module needs an entry for that; [`check_call`](Self::check_call) asks about another export.
    #[must_use]
    pub fn check(&self, module: &Module) -> Preflight {
        let fit = self.fit(module).err();
        self.preflight(module, fit.into_iter().chain(module.entry().err()), None)
    }

    /// What would keep `call` from running, found by what [`start_call`](Self::start_call) itself does.
    #[must_use]
    pub fn check_call(&self, module: &Module, call: &Call) -> Preflight {
        let first = [
            self.allow_input(call.input.len()).err(),
            self.fit(module).err(),
            callable(module, &call.name, &call.arguments).err(),
        ];
        let last = execution::passable(&call.name, &call.arguments).err();
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

    /// What can be refused before imports are looked up.
    fn admit(&self, module: &Module, input_len: usize) -> Result<(), Error> {
        self.allow_input(input_len)?;
        self.fit(module)
    }

    fn allow_input(&self, input_len: usize) -> Result<(), Error> {
        let found = u64::try_from(input_len).unwrap_or(u64::MAX);
        if found > self.limits.input_bytes {
            return Err(Error::InputTooLarge {
                limit: self.limits.input_bytes,
                found,
            });
        }
        Ok(())
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
        let (limit, requested) = (self.limits.memory_bytes, module.initial_memory_bytes());
        if requested > limit {
            return Err(Error::InitialMemory { limit, requested });
        }
        let (limit, requested) = (self.limits.table_elements, module.initial_table_elements());
        if requested > limit {
            return Err(Error::InitialTable { limit, requested });
        }
        Ok(())
    }

    fn begin(
        &self,
        module: &Module,
        target: Target,
        input: Vec<u8>,
        extensions: Extensions,
    ) -> Result<Execution, Error> {
        Execution::begin(Setup {
            module,
            grants: &self.grants,
            limits: &self.limits,
            clock: self.clock.clone(),
            target,
            input,
            extensions,
        })
    }
}

/// Tells of a refusal. Guests decide how many there are, so that it does not count as more than a detail.
fn tell(error: &Error) {
    tracing::debug!(target: "fuelbox", code = error.code(), "refused: {error}");
}

/// The type of the function exported as `name`, which takes `arguments`.
fn callable(module: &Module, name: &str, arguments: &[Value]) -> Result<FunctionType, Error> {
    let found = module.function(name)?;
    let given = arguments.iter().map(Value::ty);
    if given.clone().eq(found.params.iter().copied()) {
        return Ok(found);
    }
    let params: Vec<_> = given.collect();
    let expected = FunctionType::new(&params, &found.results);
    Err(wrong_export(name, expected, found))
}

fn wrong_export(name: &str, expected: FunctionType, found: FunctionType) -> Error {
    Error::ExportType {
        name: name.into(),
        expected: ExternType::Function(expected),
        found: ExternType::Function(found),
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
