//! What a guest asks of a function that is answered later.

use crate::function::Function;
use pyo3::{PyTraverseError, PyVisit, prelude::*, types::PyTuple};

/// A function, and what it is called with.
#[pyclass(frozen, module = "fuelbox")]
pub(crate) struct Request {
    function: Py<Function>,
    args: Py<PyTuple>,
}

#[pymethods]
impl Request {
    #[getter]
    fn function(&self, py: Python<'_>) -> Py<Function> {
        self.function.clone_ref(py)
    }

    /// The arguments, the caller before them if the function wants it.
    #[getter]
    fn args(&self, py: Python<'_>) -> Py<PyTuple> {
        self.args.clone_ref(py)
    }

    // No `__clear__`, as for a function.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.function)?;
        visit.call(&self.args)
    }
}

impl Request {
    pub(crate) fn new(function: Py<Function>, args: Py<PyTuple>) -> Self {
        Self { function, args }
    }
}
