//! One function over many rows, in one instance.

use crate::{
    failure,
    instance::Instance,
    limits::Limits,
    module::{self, Module},
    sandbox::Sandbox,
    values,
};
use fuelbox::{Call, CallLimits};
use pyo3::{
    prelude::*,
    types::{PyBytes, PyList, PyTuple},
};
use std::time::Duration;

/// Calls an export, or the entry, for each row; gives back what it returned, or the output.
///
/// `fuel` and `seconds` are for all rows together. A row that stops raises `RowError`, or has it as its result if
/// `keeps_stops`; the next row then gets a new instance.
#[pyfunction]
#[expect(
    clippy::too_many_arguments,
    reason = "they are those of `fuelbox.Sandbox.map`"
)]
pub(crate) fn map_rows<'py>(
    sandbox: &Bound<'py, Sandbox>,
    module: &Bound<'py, Module>,
    rows: &Bound<'py, PyAny>,
    export: Option<&str>,
    limits: Option<&Bound<'py, Limits>>,
    fuel: Option<u64>,
    seconds: Option<f64>,
    keeps_stops: bool,
) -> PyResult<Bound<'py, PyList>> {
    let py = sandbox.py();
    let of_row = limits
        .map_or_else(
            || sandbox.get().inner.limits(),
            |limits| &limits.get().inner,
        )
        .call
        .clone();
    let mut budget = Budget {
        limits: of_row,
        fuel: fuel.unwrap_or(u64::MAX),
        time: seconds
            .map_or(Ok(Duration::MAX), Duration::try_from_secs_f64)
            .map_err(failure::value_error)?,
        is_noted: limits.is_some() || fuel.is_some() || seconds.is_some(),
    };
    let results = PyList::empty(py);
    let mut instance: Option<Instance> = None;
    for (number, row) in rows.try_iter()?.enumerate() {
        // No row may take long enough for a look of its own, and a list runs no code of Python that would look.
        py.check_signals()?;
        let alive = match instance.take().filter(Instance::can_be_called) {
            Some(alive) => alive,
            None => Sandbox::instantiate(sandbox, module)?,
        };
        let call = budget.call(call(module.get(), export, &row?)?);
        let ended = alive.to_end(py, call)?;
        let report = &ended.finished.report;
        budget.pay(report);
        instance = Some(alive);
        let result = if report.is_success() {
            result(py, export, report)?
        } else {
            let report = Bound::new(py, ended.report())?;
            let error = failure::row(py, &report, number);
            if !keeps_stops {
                return Err(error);
            }
            error.into_value(py).into_bound(py).into_any()
        };
        results.append(result)?;
    }
    Ok(results)
}

/// What all rows together may still use.
struct Budget {
    /// Those of each row.
    limits: CallLimits,
    fuel: u64,
    time: Duration,
    /// Whether the limits are others than the sandbox's.
    is_noted: bool,
}

impl Budget {
    /// The call, within what is left.
    fn call(&self, call: Call) -> Call {
        if !self.is_noted {
            return call;
        }
        let limits = self.limits.clone();
        let (fuel, deadline) = (limits.fuel.min(self.fuel), limits.deadline.min(self.time));
        call.limits(limits.fuel(fuel).deadline(deadline))
    }

    fn pay(&mut self, report: &fuelbox::Report) {
        self.fuel = self.fuel.saturating_sub(report.usage.fuel);
        self.time = self.time.saturating_sub(report.usage.time);
    }
}

/// The call for one row: a tuple of arguments or the only one, or the input of the entry.
fn call(module: &Module, export: Option<&str>, row: &Bound<'_, PyAny>) -> PyResult<Call> {
    let Some(name) = export else {
        return Ok(Call::entry().input(module::bytes(row)?));
    };
    let params = module.params(name);
    let values = match (row.cast::<PyTuple>(), &*params) {
        (Ok(row), _) => values::all_from_python(row, &params, &name)?,
        (Err(_), [only]) => vec![values::from_python(row, *only, &name)?],
        (Err(_), _) => values::all_from_python(&PyTuple::new(row.py(), [row])?, &params, &name)?,
    };
    Ok(Call::export(name).values(values))
}

fn result<'py>(
    py: Python<'py>,
    export: Option<&str>,
    report: &fuelbox::Report,
) -> PyResult<Bound<'py, PyAny>> {
    match export {
        Some(_) => values::returned(py, &report.values),
        None => Ok(PyBytes::new(py, &report.output).into_any()),
    }
}
