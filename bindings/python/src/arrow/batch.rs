//! A guest's reply: a record batch that was checked, for other libraries to take.

use super::{
    c_data::{Array, ArrayStream, InCapsule, Schema},
    fault::{self, Kind},
};
use crate::{interpreter::detached, report::Report};
use fuelbox_guest::batch::{Batch as Layout, BatchError, layout::ALIGN_BYTES};
use pyo3::{
    PyTraverseError, PyVisit,
    prelude::*,
    types::{PyCapsule, PyTuple},
};
use std::sync::Arc;

/// A record batch that a guest wrote. Others take it without a copy, by `__arrow_c_array__`.
#[pyclass(frozen, module = "fuelbox")]
pub(crate) struct Batch {
    bytes: Arc<Aligned>,
    report: Py<Report>,
}

#[pymethods]
impl Batch {
    #[getter]
    fn num_rows(&self) -> usize {
        self.layout().map_or(0, |layout| layout.rows())
    }

    #[getter]
    fn num_columns(&self) -> usize {
        self.layout().map_or(0, |layout| layout.columns())
    }

    #[getter]
    fn column_names(&self) -> Vec<&str> {
        self.columns().map(|column| column.name()).collect()
    }

    /// What happened in the call. Its output is here.
    #[getter]
    fn report(&self, py: Python<'_>) -> Py<Report> {
        self.report.clone_ref(py)
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        capsule(py, self.schema())
    }

    /// What is requested cannot be had: the guest has chosen the types.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let _ = requested_schema;
        PyTuple::new(
            py,
            [capsule(py, self.schema())?, capsule(py, self.array())?],
        )
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        capsule(py, ArrayStream::of_one(self.schema(), self.array()))
    }

    fn __len__(&self) -> usize {
        self.num_rows()
    }

    // No `__clear__`, as for a function.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.report)
    }

    fn __repr__(&self) -> String {
        let (rows, names) = (self.num_rows(), self.column_names().join(", "));
        format!("<Batch: {rows} rows of {names}>")
    }
}

impl Batch {
    /// The batch that the output of a guest is. All that a guest can do wrong is found here.
    ///
    /// # Errors
    /// `BatchError`, which names the column.
    pub(super) fn new(
        py: Python<'_>,
        output: Vec<u8>,
        report: &Bound<'_, Report>,
    ) -> PyResult<Self> {
        let (bytes, checked) = detached(py, || {
            let bytes = Aligned::new(output);
            let checked = check(bytes.bytes());
            (bytes, checked)
        });
        if let Err((column, message)) = checked {
            return Err(fault::raised(
                py,
                Kind::Reply,
                &message,
                column,
                Some(report),
            ));
        }
        Ok(Self {
            bytes: Arc::new(bytes),
            report: report.clone().unbind(),
        })
    }

    pub(super) fn rows(&self) -> usize {
        self.num_rows()
    }

    fn layout(&self) -> Option<Layout<'_>> {
        Layout::read(self.bytes.bytes()).ok()
    }

    fn columns(&self) -> impl Iterator<Item = fuelbox_guest::batch::Column<'_>> {
        let layout = self.layout();
        let count = layout.map_or(0, |layout| layout.columns());
        (0..count).filter_map(move |number| layout?.column(number).ok())
    }

    fn schema(&self) -> Schema {
        let columns = self.columns().map(|column| {
            Schema::new(column.data_type().arrow_format(), column.name(), Vec::new())
        });
        Schema::new("+s", "", columns.collect())
    }

    fn array(&self) -> Array {
        let rows = self.rows();
        let columns = self.columns().map(|column| {
            let (validity, offsets, data) = column.buffers();
            let three = [validity, Some(offsets), Some(data)];
            let two = [validity, Some(data)];
            let has_offsets = column.data_type().offset_bytes().is_some();
            let buffers = if has_offsets { &three[..] } else { &two[..] };
            let owner = self.bytes.clone();
            Array::new(rows, column.null_count(), buffers, Vec::new(), owner)
        });
        let columns = columns.collect();
        Array::new(rows, 0, &[None], columns, self.bytes.clone())
    }
}

/// What is wrong with the bytes, and in which column, with its name where it can be read.
fn check(bytes: &[u8]) -> Result<(), (Option<usize>, String)> {
    let layout = Layout::read(bytes).map_err(|error| said(None, &error))?;
    layout
        .check()
        .map_err(|error| said(Some(&layout), &error))?;
    for number in 0..layout.columns() {
        let name = layout.column(number).map_or("", |column| column.name());
        if name.contains('\0') {
            let message = format!("the reply of the guest: column {number}: the name has a zero");
            return Err((Some(number), message));
        }
    }
    Ok(())
}

fn said(layout: Option<&Layout<'_>>, error: &BatchError) -> (Option<usize>, String) {
    let number = error.column();
    let column = layout
        .zip(number)
        .and_then(|(layout, number)| layout.column(number).ok());
    let message = match column {
        Some(column) => format!(
            "the reply of the guest: column {} ({:?}): {}",
            column.number(),
            column.name(),
            error.fault()
        ),
        None => format!("the reply of the guest: {error}"),
    };
    (number, message)
}

fn capsule<T: InCapsule + Send + 'static>(
    py: Python<'_>,
    value: T,
) -> PyResult<Bound<'_, PyCapsule>> {
    PyCapsule::new_with_value(py, value, T::NAME)
}

/// Bytes that start at a multiple of 8, as the buffers in them have to.
struct Aligned {
    bytes: Vec<u8>,
    start: usize,
}

impl Aligned {
    /// Without a copy where the allocator aligns as it nearly always does.
    fn new(bytes: Vec<u8>) -> Self {
        let misaligned = |bytes: &Vec<u8>| bytes.as_ptr().align_offset(ALIGN_BYTES);
        if misaligned(&bytes) == 0 {
            return Self { bytes, start: 0 };
        }
        let mut moved = Vec::with_capacity(bytes.len().saturating_add(ALIGN_BYTES));
        let start = misaligned(&moved);
        moved.resize(start, 0);
        moved.extend_from_slice(&bytes);
        Self {
            bytes: moved,
            start,
        }
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }
}
