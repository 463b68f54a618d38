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
use alloc::boxed::Box;
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
    /// No functions.
    pub(super) fn none() -> Self {
        Self {
            start: None,
            initialize: None,
            entry: None,
            params: Values::none(),
            result_is_status: false,
        }
    }

    /// Finds the functions to call, and makes room for what the last one returns.
    ///
    /// # Errors
    /// [`Error::Argument`].
    pub(super) fn find(
        &mut self,
        results: &mut Values<FEW_RESULTS>,
        guest: &mut Guest,
        target: &Target<'_>,
        input_len: u32,
    ) -> Result<(), Box<Error>> {
        let mut initialize = true;
        match *target {
            Target::Initialization => {}
            Target::Entry(entry) => {
                self.entry = Some(function(guest, entry.export())?);
                if entry == Entry::Execute {
                    self.params.set_zeros(2);
                    if let Some(len) = self.params.last_mut() {
                        *len = Val::I32(input_len.cast_signed());
                    }
                    self.result_is_status = true;
                    results.set_zeros(1);
                }
            }
            Target::Export {
                name,
                place,
                arguments,
                results: count,
            } => {
                // Called by name it is the entry, and runs once.
                initialize = name != protocol::INITIALIZE_EXPORT;
                self.params.pass(name, arguments)?;
                let function = guest.function_at(place, name);
                self.entry = Some(function.ok_or_else(|| missing(name))?);
                results.set_zeros(count);
            }
        }
        if matches!(guest.life, Life::New) {
            let start = guest.module.start_export();
            self.start = start.map(|name| function(guest, name)).transpose()?;
            if initialize && guest.module.has_initialize() {
                self.initialize = Some(function(guest, protocol::INITIALIZE_EXPORT)?);
            }
        }
        Ok(())
    }

    /// Whether the instance is only made ready.
    pub(super) fn only_make_ready(&self) -> bool {
        self.entry.is_none()
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

fn function(guest: &Guest, name: &str) -> Result<Func, Error> {
    guest.function(name).ok_or_else(|| missing(name))
}

fn missing(name: &str) -> Error {
    Error::ExportMissing { name: name.into() }
}

/// Whether the arguments can be passed.
///
/// # Errors
/// [`Error::Argument`].
pub(crate) fn passable(callee: &Callee) -> Result<(), Error> {
    let Some((name, arguments)) = callee.of_export() else {
        return Ok(());
    };
    Values::<FEW>::none().pass(name, arguments)
}

impl Values<FEW> {
    /// Makes them the arguments of the export `name`.
    ///
    /// # Errors
    /// [`Error::Argument`].
    fn pass(&mut self, name: &str, arguments: &[Value]) -> Result<(), Error> {
        self.set_zeros(arguments.len());
        for ((argument, index), place) in arguments.iter().zip(0..).zip(&mut **self) {
            *place = values::to_wasmi(*argument).ok_or_else(|| Error::Argument {
                name: name.into(),
                index,
            })?;
        }
        Ok(())
    }
}
