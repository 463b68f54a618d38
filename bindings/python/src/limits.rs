//! What a guest may use; the names are those of the library, which serde knows.

use crate::failure;
use pyo3::prelude::*;

/// Limits of runs, read from JSON; `fuelbox.Limits` is made of it.
#[pyclass(frozen, subclass, module = "fuelbox._native")]
pub(crate) struct Limits {
    pub(crate) inner: fuelbox::Limits,
}

#[pymethods]
impl Limits {
    #[new]
    fn new(json: &str) -> PyResult<Self> {
        let inner = serde_json::from_str(json).map_err(failure::value_error)?;
        Ok(Self { inner })
    }

    fn _json(&self) -> PyResult<String> {
        serde_json::to_string(&self.inner).map_err(failure::value_error)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other
            .cast::<Self>()
            .is_ok_and(|other| other.get().inner == self.inner)
    }

    fn __hash__(&self) -> PyResult<u64> {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        self._json()?.hash(&mut hasher);
        Ok(hasher.finish())
    }
}

/// The default limits of runs as JSON, which tells the names too.
#[pyfunction]
pub(crate) fn default_limits() -> PyResult<String> {
    serde_json::to_string(&fuelbox::Limits::default()).map_err(failure::value_error)
}

/// The default limits of modules as JSON.
#[pyfunction]
pub(crate) fn default_module_limits() -> PyResult<String> {
    serde_json::to_string(&fuelbox::ModuleLimits::default()).map_err(failure::value_error)
}
