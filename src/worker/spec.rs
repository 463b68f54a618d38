//! What guests in workers may use, as data.

use super::{
    asking::Asking,
    error::WorkerError,
    protocol::{descriptors::MOST_DESCRIPTORS, trees::Most},
};
use crate::{
    capability::{Arrived, Crossing, Function},
    files::Directory,
    limits::Limits,
    module::{Module, ModuleBuilder},
    module_limits::ModuleLimits,
    sandbox::Sandbox,
    stop::HostError,
    value::{Value, ValueType},
};
use alloc::{borrow::Cow, string::String, sync::Arc, vec::Vec};
use core::fmt;
use serde::{Deserialize, Serialize};
use std::os::fd::OwnedFd;

/// What guests in workers may use: a sandbox as data, and functions that stay with the host.
///
/// Limits cross, and so do grants that are data: the protocol, `Abort`, a seeded `Random`, a `Clock` that is fixed,
/// goes with fuel or is the machine's, and `Wasi` with arguments, environment, trees and up to 16 read-only
/// `Dir`s. Each worker gets descriptors of these, and can open nothing outside them.
///
/// ```
/// use fuelbox::{HostError, Limits, Sandbox, Value, ValueType, protocol, worker::WorkerSpec};
///
/// let sandbox = Sandbox::new(Limits::default().fuel(10_000_000)).grant(protocol());
/// let spec = WorkerSpec::new(&sandbox)?.function(
///     "env", "price", &[ValueType::I32], &[ValueType::I64],
///     |_, args| match args {
///         [Value::I32(sku)] => Ok::<_, HostError>(vec![Value::I64(i64::from(*sku) * 100)]),
///         _ => Err(HostError::message("as declared")),
///     },
/// );
/// # let _ = spec;
/// # Ok::<(), fuelbox::worker::WorkerError>(())
/// ```
#[derive(Clone)]
pub struct WorkerSpec {
    pub(super) data: SpecData,
    /// In the order of [`SpecData::functions`].
    pub(super) functions: Vec<Answerer>,
    /// Those among the grants, in the order in which a worker takes them.
    pub(super) directories: Vec<Directory>,
    /// What trees a run can leave.
    pub(super) most: Most,
}

/// A function of the host that a guest in a worker calls.
pub(super) type Answerer =
    Arc<dyn Fn(&mut Asking<'_>, &[Value]) -> Result<Vec<Value>, HostError> + Send + Sync>;

/// All of a specification that crosses to a worker.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct SpecData {
    pub(super) limits: Limits,
    module_limits: ModuleLimits,
    /// What no file may set, and the tests do: see [`ModuleLimits::keep_faults`].
    keeps_faults: bool,
    grants: Vec<Crossing>,
    pub(super) functions: Vec<Signature>,
    stubs: bool,
    abi_version_required: bool,
}

/// What guests import a function of the host by.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Signature {
    module: String,
    name: String,
    pub(super) params: Vec<ValueType>,
    pub(super) results: Vec<ValueType>,
}

impl WorkerSpec {
    /// The limits and grants of `sandbox`, for guests in workers.
    ///
    /// A clock that the sandbox was [given](Sandbox::with_clock) stays behind: deadlines in workers go by the
    /// machine's.
    ///
    /// # Errors
    /// [`WorkerError::Crossing`] names a grant that cannot go: a function, clock or random source of the host, a
    /// standard input, or a directory that guests may change. [`WorkerError::Directories`].
    pub fn new(sandbox: &Sandbox) -> Result<Self, WorkerError> {
        let grants = sandbox.grants();
        let crossing = grants.crossing();
        let crossing = crossing.map_err(|grant| WorkerError::Crossing { grant })?;
        let directories = grants.directories();
        if directories.len() > MOST_DESCRIPTORS {
            return Err(WorkerError::Directories {
                limit: MOST_DESCRIPTORS,
            });
        }
        let sizes = crossing.iter().flat_map(Crossing::most_written);
        let most = sizes.fold(Most::default(), |most, size| Most {
            trees: most.trees.saturating_add(1),
            nodes: most.nodes.saturating_add(size.nodes),
            bytes: most.bytes.saturating_add(size.bytes),
        });
        let data = SpecData {
            limits: sandbox.limits().clone(),
            module_limits: ModuleLimits::default(),
            keeps_faults: false,
            grants: crossing,
            functions: Vec::new(),
            stubs: grants.has_stubs(),
            abi_version_required: sandbox.is_abi_version_required(),
        };
        Ok(Self {
            data,
            functions: Vec::new(),
            directories,
            most,
        })
    }

    /// Sets what modules may have; by default that of [`Module::new`].
    #[must_use]
    pub fn module_limits(mut self, limits: ModuleLimits) -> Self {
        self.data.keeps_faults = limits.keeps_faults;
        self.data.module_limits = limits;
        self
    }

    /// Grants a function that runs in the host, in place of any other of that name: the worker asks for it over its
    /// socket.
    ///
    /// It returns its results as an array or as a `Vec`, as that of [`Function::dynamic`] does. A call of it takes some
    /// 7 us more than one of [`Function::new`]. An error stops the run as
    /// [`Stop::HostFunction`](crate::Stop::HostFunction), a [`Halt`](crate::Halt) passed up with `?` as what it is, and
    /// a panic as an error. It may be called from several runs at once.
    #[must_use]
    pub fn function<R: AsRef<[Value]>, E: Into<HostError>>(
        mut self,
        module: impl Into<Cow<'static, str>>,
        name: impl Into<Cow<'static, str>>,
        params: &[ValueType],
        results: &[ValueType],
        function: impl Fn(&mut Asking<'_>, &[Value]) -> Result<R, E> + Send + Sync + 'static,
    ) -> Self {
        let signature = Signature {
            module: module.into().into_owned(),
            name: name.into().into_owned(),
            params: params.into(),
            results: results.into(),
        };
        let function: Answerer = Arc::new(move |asking, args| {
            let returned = function(asking, args).map_err(Into::into)?;
            Ok(returned.as_ref().to_vec())
        });
        let same =
            |other: &Signature| other.module == signature.module && other.name == signature.name;
        if let Some(place) = self.data.functions.iter().position(same) {
            self.data.functions.remove(place);
            self.functions.remove(place);
        }
        self.data.functions.push(signature);
        self.functions.push(function);
        self
    }

    /// The limits of each run.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.data.limits
    }
}

impl SpecData {
    /// The sandbox again, with `functions` in place of those of the host.
    ///
    /// None where `descriptors` are not those of its directories.
    pub(super) fn into_sandbox(
        self,
        functions: impl Iterator<Item = Function>,
        descriptors: Vec<OwnedFd>,
    ) -> Option<Sandbox> {
        let arrived = Arrived::new(self.grants, descriptors)?;
        let sandbox = Sandbox::new(self.limits).grant(arrived);
        let sandbox = functions.fold(sandbox, Sandbox::grant);
        let sandbox = if self.stubs {
            sandbox.stub_unknown()
        } else {
            sandbox
        };
        Some(if self.abi_version_required {
            sandbox.require_abi_version()
        } else {
            sandbox
        })
    }

    /// How modules are made.
    pub(super) fn builder(&self) -> ModuleBuilder {
        let mut limits = self.module_limits.clone();
        limits.keeps_faults = self.keeps_faults;
        // A worker runs one guest at a time.
        Module::builder().limits(limits).most_lanes(1)
    }
}

impl Signature {
    /// The function itself, as `call` does it.
    pub(super) fn function(
        &self,
        call: impl Fn(&mut crate::host::Caller<'_>, &[Value]) -> Result<Vec<Value>, HostError>
        + Send
        + Sync
        + 'static,
    ) -> Function {
        Function::dynamic(
            self.module.clone(),
            self.name.clone(),
            &self.params,
            &self.results,
            call,
        )
    }
}

impl fmt::Debug for WorkerSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WorkerSpec").field(&self.data).finish()
    }
}
