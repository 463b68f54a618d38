//! What can be wrong with a batch, as exceptions.

use crate::report::Report;
use pyo3::{prelude::*, sync::PyOnceLock, types::PyType};

/// Who has to act, and the code that says so.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// A column of the host's is of a type that no batch has.
    Unsupported,
    /// The guest's reply is no batch, or not what it says.
    Reply,
    /// The guest's reply has another number of rows than it was given.
    Rows,
}

/// The exception for a batch, as `fuelbox.BatchError`; of a guest's reply it has the report.
pub(super) fn raised(
    py: Python<'_>,
    kind: Kind,
    message: &str,
    column: Option<usize>,
    report: Option<&Bound<'_, Report>>,
) -> PyErr {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let (code, blame) = match kind {
        Kind::Unsupported => ("batch-unsupported", "host"),
        Kind::Reply => ("batch-reply", "guest"),
        Kind::Rows => ("batch-rows", "guest"),
    };
    CLASS
        .import(py, "fuelbox._batches", "BatchError")
        .and_then(|class| class.call1((message, code, blame, column, report)))
        .map_or_else(|error| error, PyErr::from_value)
}
