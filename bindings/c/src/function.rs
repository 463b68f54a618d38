//! Functions of the host.

use crate::{
    boundary::{In, RawFunction, RawValue, UserData, lend_caller},
    caller::CallerState,
    status::Status,
    value::{self, Results},
};
use fuelbox::{Caller, Function, HostError, Value, ValueType};

/// What guests import a function by, and its type, as they come from C.
pub(crate) struct Declared {
    pub(crate) module: (In<u8>, usize),
    pub(crate) name: (In<u8>, usize),
    pub(crate) params: (In<u32>, usize),
    pub(crate) results: (In<u32>, usize),
}

impl Declared {
    fn names(&self) -> Result<(String, String), Status> {
        let text = |(text, len): &(In<u8>, usize)| text.text(*len).map(str::to_owned);
        Ok((text(&self.module)?, text(&self.name)?))
    }

    fn types(&self) -> Result<(Vec<ValueType>, Vec<ValueType>), Status> {
        let types = |(types, len): &(In<u32>, usize)| value::types(types.slice(*len)?);
        Ok((types(&self.params)?, types(&self.results)?))
    }
}

/// A function that calls one of the host.
pub(crate) fn function(
    declared: &Declared,
    function: RawFunction,
    data: UserData,
) -> Result<Function, Status> {
    let function = function.ok_or(Status::NULL)?;
    let (module, name) = declared.names()?;
    let (params, results) = declared.types()?;
    let zeros: Vec<_> = results.iter().copied().map(value::zero).collect();
    let call = move |caller: &mut Caller<'_>, args: &[Value]| -> Result<Results, HostError> {
        let mut state = CallerState {
            caller,
            halt: None,
            message: None,
        };
        value::with_raw(args, |args| {
            value::with_raw(&zeros, |results| {
                let status = lend_caller(&mut state, |caller| {
                    data.function(function, caller, args, results)
                });
                if status != Status::OK {
                    return Err(failed(status, state));
                }
                returned(results)
            })
        })
    };
    Ok(Function::dynamic(module, name, &params, &results, call))
}

/// What the host function has set.
fn returned(results: &[RawValue]) -> Result<Results, HostError> {
    Results::read(results).map_err(|_| HostError::message("a result is of no type that there is"))
}

/// Why a host function failed: what stopped it, what it says, or the number that it returned.
#[cold]
fn failed(status: Status, state: CallerState<'_, '_>) -> HostError {
    match (state.halt, state.message) {
        (Some(halt), _) if Status::of_stop(halt.stop()) == status => halt.into(),
        (_, Some(message)) if status == Status::HOST_FUNCTION => HostError::message(message),
        _ => HostError::message(format!(
            "it returned the status {}, {}",
            status.0,
            status.code()
        )),
    }
}

/// A function that the host answers later.
pub(crate) fn waiting(declared: &Declared) -> Result<Function, Status> {
    let (module, name) = declared.names()?;
    let (params, results) = declared.types()?;
    Ok(Function::waiting(module, name, &params, &results))
}
