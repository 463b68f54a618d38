//! What ends a call from another thread.

use pyo3::prelude::*;

/// Ends the calls that it is given to, from any thread.
#[pyclass(frozen, module = "fuelbox")]
pub(crate) struct CancelToken {
    pub(crate) inner: fuelbox::CancelToken,
}

#[pymethods]
impl CancelToken {
    #[new]
    fn new() -> Self {
        Self {
            inner: fuelbox::CancelToken::new(),
        }
    }

    /// Ends the calls; those that have not begun run nothing.
    fn cancel(&self) {
        self.inner.cancel();
    }

    #[getter]
    fn is_cancelled(&self) -> bool {
        self.inner.is_cancelled()
    }

    fn __repr__(&self) -> String {
        format!(
            "<CancelToken{}>",
            if self.is_cancelled() {
                ", cancelled"
            } else {
                ""
            }
        )
    }
}
