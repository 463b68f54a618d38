//! What is asked of a guest, as Python says it.

use crate::{
    cancel::CancelToken,
    limits::Limits,
    module::{self, Module},
    values,
};
use fuelbox::Call;
use pyo3::{prelude::*, types::PyTuple};

/// The arguments of `run` and `start`.
pub(crate) struct Asked<'a, 'py> {
    /// Bytes, something with a buffer, or a text.
    pub(crate) input: Option<&'a Bound<'py, PyAny>>,
    /// What is called; without it, the entry.
    pub(crate) export: Option<String>,
    pub(crate) args: Option<&'a Bound<'py, PyAny>>,
    /// Limits of this call in place of the sandbox's.
    pub(crate) limits: Option<&'a Bound<'py, PyAny>>,
    pub(crate) cancel: Option<&'a Bound<'py, PyAny>>,
}

impl Asked<'_, '_> {
    /// The call that it stands for.
    ///
    /// # Errors
    /// `TypeError`, `OverflowError`.
    pub(crate) fn call(self, module: &Module) -> PyResult<Call> {
        let mut call = match &self.export {
            Some(name) => Call::export(name.clone()),
            None => Call::entry(),
        };
        if let Some(args) = self.args {
            let name = self.export.as_deref().unwrap_or("execute");
            let args = PyTuple::new(args.py(), args.try_iter()?.collect::<PyResult<Vec<_>>>()?)?;
            call = call.values(values::all_from_python(&args, &module.params(name), &name)?);
        }
        if let Some(input) = self.input {
            call = call.input(module::bytes(input)?);
        }
        if let Some(limits) = self.limits {
            call = call.limits(limits.cast::<Limits>()?.get().inner.call.clone());
        }
        if let Some(cancel) = self.cancel {
            call = call.cancel(cancel.cast::<CancelToken>()?.get().inner.clone());
        }
        Ok(call)
    }
}
