//! From a module and what it was granted to a run that can begin.

use super::{Execution, Progress, call_values::Values, classify, dispatch, pace::Pace, span};
use crate::{
    capability::Grants,
    clock::Clock,
    error::Error,
    guard::guard,
    host::{Extensions, Host, values},
    limits::Limits,
    module::{Entry, Module},
    report::Phase,
    value::Value,
};
use alloc::{string::String, vec, vec::Vec};
use fuelbox_guest::protocol;
use tracing::Span;
use wasmi::{Extern, Func, Instance, Store, Val};

/// All that a run is made of.
pub(crate) struct Setup<'a> {
    pub(crate) module: &'a Module,
    pub(crate) grants: &'a Grants,
    pub(crate) limits: &'a Limits,
    pub(crate) clock: Clock,
    pub(crate) target: Target,
    pub(crate) input: Vec<u8>,
    pub(crate) extensions: Extensions,
}

/// What to call once start function and `_initialize` are through.
pub(crate) enum Target {
    /// The entry of the protocol.
    Entry(Entry),
    /// An export, with arguments that fit it.
    Export {
        name: String,
        arguments: Vec<Value>,
        results: usize,
    },
}

/// The calls of one run, in order.
pub(super) struct Calls {
    start: Option<Func>,
    initialize: Option<Func>,
    entry: Func,
    params: Values<2>,
    /// Whether what the entry returns is the guest's status.
    pub(super) result_is_status: bool,
}

impl Calls {
    /// The function of `phase` and its arguments.
    pub(super) fn of(&self, phase: Phase) -> (Func, &[Val]) {
        match phase {
            Phase::Start => (self.start.unwrap_or(self.entry), &[]),
            Phase::Initialize => (self.initialize.unwrap_or(self.entry), &[]),
            Phase::Entry => (self.entry, &self.params),
        }
    }

    pub(super) fn after(&self, phase: Phase) -> Option<Phase> {
        match phase {
            Phase::Start if self.initialize.is_some() => Some(Phase::Initialize),
            Phase::Start | Phase::Initialize => Some(Phase::Entry),
            Phase::Entry => None,
        }
    }

    fn first(&self) -> Phase {
        if self.start.is_some() {
            Phase::Start
        } else if self.initialize.is_some() {
            Phase::Initialize
        } else {
            Phase::Entry
        }
    }
}

impl Execution {
    /// Links and instantiates; no guest code runs yet.
    ///
    /// # Errors
    /// Those of [`Grants::resolve`], and where the machine or the interpreter cannot.
    pub(crate) fn begin(setup: Setup<'_>) -> Result<Self, Error> {
        let span = span::open(setup.module.fingerprint(), setup.limits);
        Self::build(setup, &span).inspect_err(|error| span::refuse(&span, error))
    }

    fn build(setup: Setup<'_>, span: &Span) -> Result<Self, Error> {
        dispatch::check()?;
        let Setup {
            module,
            grants,
            limits,
            clock,
            target,
            input,
            extensions,
        } = setup;
        let entered = span.enter();
        let input_len = u32::try_from(input.len()).unwrap_or(u32::MAX);
        let mut host = Host::new(limits, input, extensions, clock);
        host.may_wait = !module.has_tail_calls();
        grants.prepare(&mut host.states);
        let mut store = Store::new(module.code().engine(), host);
        store.limiter(|host| &mut host.meter);
        // The interpreter panics where it has no memory for a function.
        let externs = guard(|| {
            let mut externs = Vec::with_capacity(module.imports().len());
            for link in grants.resolve(module.imports()) {
                externs.push(link?.link(&mut store).into());
            }
            Ok::<Vec<Extern>, Error>(externs)
        })
        .map_err(|message| Error::Engine { message })??;
        grants.must_reach_memory(module)?;
        let instance = guard(|| Instance::new(&mut store, module.code(), &externs))
            .map_err(|message| Error::Engine { message })?
            .map_err(|error| classify::refusal(&error))?;
        store.data_mut().memory = instance.get_memory(&store, protocol::MEMORY_EXPORT);
        let (calls, results) = calls(&store, instance, module, target, input_len)?;
        drop(entered);
        Ok(Self {
            store,
            phase: calls.first(),
            calls,
            results,
            progress: Progress::Ready,
            pace: Pace::new(module.most_locals(), module.most_carried()),
            slices: 0,
            is_waiting: false,
            span: span.clone(),
        })
    }
}

/// The arguments of the export `name`, for the interpreter.
///
/// # Errors
/// [`Error::Argument`].
pub(crate) fn passable(name: &str, arguments: &[Value]) -> Result<Vec<Val>, Error> {
    let passed = arguments.iter().zip(0..).map(|(argument, index)| {
        values::to_wasmi(*argument).ok_or_else(|| Error::Argument {
            name: name.into(),
            index,
        })
    });
    passed.collect()
}

/// Finds the functions to call, and makes room for what the last one returns.
fn calls(
    store: &Store<Host>,
    instance: Instance,
    module: &Module,
    target: Target,
    input_len: u32,
) -> Result<(Calls, Values<1>), Error> {
    let function = |name: &str| {
        instance
            .get_func(store, name)
            .ok_or_else(|| Error::ExportMissing { name: name.into() })
    };
    let mut initialize = module.has_initialize();
    let (entry, params, results, result_is_status) = match target {
        Target::Entry(Entry::Execute) => {
            let params = Values::Entry([Val::I32(0), Val::I32(input_len.cast_signed())]);
            let results = Values::Entry([Val::I32(0)]);
            (function(protocol::EXECUTE_EXPORT)?, params, results, true)
        }
        Target::Entry(Entry::Start) => {
            let start = function(protocol::START_EXPORT)?;
            (start, Values::none(), Values::none(), false)
        }
        Target::Export {
            name,
            arguments,
            results,
        } => {
            // Called by name it is the entry, and runs once.
            initialize &= name != protocol::INITIALIZE_EXPORT;
            let params = passable(&name, &arguments)?;
            let results = Values::Export(vec![Val::I32(0); results]);
            (function(&name)?, Values::Export(params), results, false)
        }
    };
    let calls = Calls {
        start: module.start_export().map(function).transpose()?,
        initialize: if initialize {
            Some(function(protocol::INITIALIZE_EXPORT)?)
        } else {
            None
        },
        entry,
        params,
        result_is_status,
    };
    Ok((calls, results))
}
