//! Errors and stops as exceptions of Python; the classes are in `fuelbox/_errors.py`.

use crate::{advice, report::Report};
use fuelbox::{Blame, Error, SnapshotError};
use pyo3::{
    exceptions::{PyRuntimeError, PyValueError},
    prelude::*,
    sync::PyOnceLock,
    types::PyType,
};
use std::fmt::Display;

/// The exception for an error of the library: `StartError`, or `ModuleError` where the module itself is refused.
pub(crate) fn refused(py: Python<'_>, error: &Error) -> PyErr {
    let class = if is_of_module(error) {
        "ModuleError"
    } else {
        "StartError"
    };
    made(|| {
        let details = serde_json::to_string(error).map_err(value_error)?;
        let arguments = (
            error.to_string(),
            error.code(),
            word(error.blame()),
            error.advice().as_ref().map(advice::words),
            details,
            error.exit_code(),
        );
        class_of(py, class)?.call1(arguments)
    })
}

/// The exception for a report of a guest that was stopped or failed; what a Python function raised is its cause.
pub(crate) fn stopped(py: Python<'_>, report: &Bound<'_, Report>) -> PyErr {
    of_report(py, report, "Stopped", None)
}

/// The exception for row `number` of a batch.
pub(crate) fn row(py: Python<'_>, report: &Bound<'_, Report>, number: usize) -> PyErr {
    of_report(py, report, "RowError", Some(number))
}

fn of_report(py: Python<'_>, report: &Bound<'_, Report>, class: &str, row: Option<usize>) -> PyErr {
    made(|| {
        let inner = &report.get().inner;
        let (blame, advice) = match inner.stop() {
            Some(stop) => (word(stop.blame()), stop.advice()),
            None => ("guest", None),
        };
        let what = format!("the guest {}", ended(inner));
        let (code, advice) = (inner.outcome.code(), advice.as_ref().map(advice::words));
        let class = class_of(py, class)?;
        let exception = match row {
            Some(row) => class.call1((what, code, blame, advice, report, row))?,
            None => class.call1((what, code, blame, advice, report))?,
        };
        if let Some(cause) = &report.get().cause {
            exception.setattr("__cause__", cause.bind(py))?;
        }
        Ok(exception)
    })
}

/// How a guest ended, as a sentence about it.
fn ended(report: &fuelbox::Report) -> String {
    match report.stop() {
        Some(_) => format!("did not finish: {}", report.outcome),
        None => report.outcome.to_string(),
    }
}

/// The exception for a snapshot that cannot be written.
pub(crate) fn snapshot(py: Python<'_>, error: &SnapshotError) -> PyErr {
    match error {
        SnapshotError::Over(error)
        | SnapshotError::Refused(error)
        | SnapshotError::Engine(error) => refused(py, error),
        _ => value_error(error),
    }
}

/// What is wrong with an argument.
pub(crate) fn value_error(error: impl Display) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// A call of something that is in the middle of a call, from another thread or from a function that it calls.
pub(crate) fn busy(what: &str) -> PyErr {
    PyRuntimeError::new_err(format!("the {what} is in the middle of a call"))
}

pub(crate) fn word(blame: Blame) -> &'static str {
    match blame {
        Blame::Guest => "guest",
        Blame::Limit => "limit",
        Blame::Host => "host",
        _ => "engine",
    }
}

/// Whether an error is of the bytes, whatever the sandbox.
fn is_of_module(error: &Error) -> bool {
    matches!(
        error,
        Error::InvalidModule { .. }
            | Error::TextModule
            | Error::InvalidText { .. }
            | Error::Proposal { .. }
            | Error::ModuleLimit { .. }
            | Error::Unsupported { .. }
    )
}

/// The exception, or the one that was raised when it was made.
fn made<'py>(exception: impl FnOnce() -> PyResult<Bound<'py, PyAny>>) -> PyErr {
    exception().map_or_else(|error| error, PyErr::from_value)
}

/// A class of `fuelbox._errors`.
pub(crate) fn class_of<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyType>> {
    static ERRORS: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    let errors = ERRORS.get_or_try_init(py, || {
        PyModule::import(py, "fuelbox._errors").map(Bound::unbind)
    })?;
    Ok(errors.bind(py).getattr(name)?.cast_into::<PyType>()?)
}
