//! What another library offers: a record batch, or a stream of them.

use super::c_data::{self, Array, ArrayStream, Schema};
use crate::{failure, interpreter::detached};
use pyo3::{exceptions::PyTypeError, prelude::*, types::PyTuple};
use std::sync::{Arc, Mutex};

/// A record batch of another library, which lives as long as this does.
#[pyclass(frozen, module = "fuelbox._native")]
pub(crate) struct Source {
    pub(super) schema: Arc<Schema>,
    pub(super) array: Array,
}

impl Source {
    /// What an object offers by `__arrow_c_array__`.
    ///
    /// # Errors
    /// `TypeError`, and what the object raises.
    pub(super) fn of(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let offered = object.getattr_opt("__arrow_c_array__")?.ok_or_else(|| {
            let found = object.get_type();
            PyTypeError::new_err(format!(
                "a record batch is needed, an object with __arrow_c_array__, not {found}"
            ))
        })?;
        let capsules = offered.call0()?.cast_into::<PyTuple>()?;
        Ok(Self {
            schema: Arc::new(c_data::take(&capsules.get_item(0)?)?),
            array: c_data::take(&capsules.get_item(1)?)?,
        })
    }
}

/// The batches that an object offers by `__arrow_c_stream__`, one after another.
#[pyclass(frozen, module = "fuelbox._native")]
pub(crate) struct Stream {
    schema: Arc<Schema>,
    stream: Mutex<ArrayStream>,
}

#[pymethods]
impl Stream {
    #[new]
    fn new(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let capsule = object.call_method0("__arrow_c_stream__")?;
        let mut stream: ArrayStream = c_data::take(&capsule)?;
        let schema = stream.schema().map_err(failure::value_error)?;
        Ok(Self {
            schema: Arc::new(schema),
            stream: Mutex::new(stream),
        })
    }

    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Source>> {
        // The producer may run Python code, which could come back here.
        let next = detached(py, || Some(self.stream.try_lock().ok()?.next()));
        let next = next.ok_or_else(|| failure::busy("stream"))?;
        let array = next.map_err(failure::value_error)?;
        Ok(array.map(|array| Source {
            schema: self.schema.clone(),
            array,
        }))
    }
}
