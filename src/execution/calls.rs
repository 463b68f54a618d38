//! The functions that one call consists of, in order.

use super::call_values::Values;
use crate::{
    call::{Callee, Target},
    error::Error,
    host::values,
    instance::{Guest, Life},
    module::Entry,
    report::Phase,
    value::Value,
};
use fuelbox_guest::protocol;
use wasmi::{Func, Val};

/// Most functions have no more parameters.
const FEW: usize = 4;

/// Most functions have no more results.
pub(super) const FEW_RESULTS: usize = 1;

/// The functions that one call consists of, in order.
pub(super) struct Calls {
    start: Option<Func>,
    initialize: Option<Func>,
    /// Absent where the instance is only made ready.
    entry: Option<Func>,
    params: Values<FEW>,
    /// Whether what the entry returns is the guest's status.
    pub(super) result_is_status: bool,
}

impl Calls {
    /// Finds the functions to call, and makes room for what the last one returns. Without a target it is only
    /// what an instance begins with.
    ///
    /// # Errors
    /// [`Error::Argument`].
    pub(super) fn find(
        guest: &Guest,
        target: Option<Target<'_>>,
        input_len: u32,
    ) -> Result<(Self, Values<FEW_RESULTS>), Error> {
        let function = |name: &str| {
            guest
                .function(name)
                .ok_or_else(|| Error::ExportMissing { name: name.into() })
        };
        let is_new = matches!(guest.life, Life::New);
        let mut initialize = is_new && guest.module.has_initialize();
        let (entry, params, results, result_is_status) = match target {
            None => (None, Values::none(), Values::none(), false),
            Some(Target::Entry(entry)) => {
                let function = Some(function(entry.export())?);
                match entry {
                    Entry::Execute => {
                        let input_len = Val::I32(input_len.cast_signed());
                        let mut params = Values::zeros(2);
                        if let Some(len) = params.last_mut() {
                            *len = input_len;
                        }
                        (function, params, Values::zeros(1), true)
                    }
                    Entry::Start => (function, Values::none(), Values::none(), false),
                }
            }
            Some(Target::Export {
                name,
                arguments,
                results,
            }) => {
                // Called by name it is the entry, and runs once.
                initialize &= name != protocol::INITIALIZE_EXPORT;
                let params = passed(name, arguments)?;
                (Some(function(name)?), params, Values::zeros(results), false)
            }
        };
        let start = guest.module.start_export().filter(|_| is_new);
        let initialize = initialize.then_some(protocol::INITIALIZE_EXPORT);
        let calls = Self {
            start: start.map(function).transpose()?,
            initialize: initialize.map(function).transpose()?,
            entry,
            params,
            result_is_status,
        };
        Ok((calls, results))
    }

    /// The function of `phase` and its arguments, if the call has this phase.
    pub(super) fn of(&self, phase: Phase) -> Option<(Func, &[Val])> {
        match phase {
            Phase::Start => Some((self.start?, &[])),
            Phase::Initialize => Some((self.initialize?, &[])),
            Phase::Entry => Some((self.entry?, &self.params)),
        }
    }

    /// The first phase that there is.
    pub(super) fn first(&self) -> Option<Phase> {
        self.first_of(&[Phase::Start, Phase::Initialize, Phase::Entry])
    }

    pub(super) fn after(&self, phase: Phase) -> Option<Phase> {
        match phase {
            Phase::Start => self.first_of(&[Phase::Initialize, Phase::Entry]),
            Phase::Initialize => self.first_of(&[Phase::Entry]),
            Phase::Entry => None,
        }
    }

    fn first_of(&self, phases: &[Phase]) -> Option<Phase> {
        phases
            .iter()
            .copied()
            .find(|phase| self.of(*phase).is_some())
    }
}

/// Whether the arguments can be passed.
///
/// # Errors
/// [`Error::Argument`].
pub(crate) fn passable(callee: &Callee) -> Result<(), Error> {
    let Some((name, arguments)) = callee.of_export() else {
        return Ok(());
    };
    passed(name, arguments).map(drop)
}

/// The arguments of the export `name`, for the interpreter.
///
/// # Errors
/// [`Error::Argument`].
fn passed(name: &str, arguments: &[Value]) -> Result<Values<FEW>, Error> {
    let mut passed = Values::zeros(arguments.len());
    for ((argument, index), place) in arguments.iter().zip(0..).zip(&mut *passed) {
        *place = values::to_wasmi(*argument).ok_or_else(|| Error::Argument {
            name: name.into(),
            index,
        })?;
    }
    Ok(passed)
}
