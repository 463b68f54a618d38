//! What happened in a run.

use crate::{advice, failure, values, wasi};
use fuelbox::{Outcome, Phase};
use pyo3::{
    PyTraverseError, PyVisit,
    prelude::*,
    sync::PyOnceLock,
    types::{PyBytes, PyDict, PyMemoryView, PyTuple},
};

/// What happened in a run, however it ended.
#[pyclass(frozen, module = "fuelbox")]
pub(crate) struct Report {
    pub(crate) inner: fuelbox::Report,
    /// What a function of Python raised, if that ended the run.
    pub(crate) cause: Option<Py<PyAny>>,
    /// The output as it was asked for first: however often it is, it is copied once.
    output: PyOnceLock<Py<PyBytes>>,
}

#[pymethods]
impl Report {
    /// What the guest wrote.
    #[getter]
    fn output<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let output = self
            .output
            .get_or_init(py, || PyBytes::new(py, &self.inner.output).unbind());
        output.bind(py).clone()
    }

    /// The same without a copy.
    #[getter]
    fn output_view<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMemoryView>> {
        PyMemoryView::from(self.output(py).as_any())
    }

    #[getter]
    fn stderr<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.inner.stderr)
    }

    /// What the guest logged, line by line.
    #[getter]
    fn logs(&self) -> Vec<&str> {
        self.inner.logs.iter().map(|line| &*line.text).collect()
    }

    /// What the export returned.
    #[getter]
    fn values<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        values::tuple(py, &self.inner.values)
    }

    /// How the run ended, for people.
    #[getter]
    fn outcome(&self) -> String {
        self.inner.outcome.to_string()
    }

    /// How the run ended, as a stable word.
    #[getter]
    fn code(&self) -> &'static str {
        self.inner.outcome.code()
    }

    #[getter]
    fn status(&self) -> Option<i32> {
        self.inner.status()
    }

    #[getter]
    fn is_success(&self) -> bool {
        self.inner.is_success()
    }

    /// In which part of the run it was stopped.
    #[getter]
    fn phase(&self) -> Option<&'static str> {
        match &self.inner.outcome {
            Outcome::Stopped {
                phase: Phase::Start,
                ..
            } => Some("start"),
            Outcome::Stopped {
                phase: Phase::Initialize,
                ..
            } => Some("initialize"),
            Outcome::Stopped { .. } => Some("entry"),
            _ => None,
        }
    }

    #[getter]
    fn blame(&self) -> Option<&'static str> {
        self.inner.stop().map(|stop| failure::word(stop.blame()))
    }

    /// What to change so that it is not stopped again.
    #[getter]
    fn advice(&self) -> Option<String> {
        let advice = self.inner.stop().and_then(fuelbox::Stop::advice);
        advice.as_ref().map(advice::words)
    }

    /// What a program ends with after this run, as `fuelbox run` does.
    #[getter]
    fn exit_code(&self) -> u8 {
        self.inner.outcome.exit_code()
    }

    /// What a function of Python raised, if that ended the run.
    #[getter]
    fn cause(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.cause.as_ref().map(|cause| cause.clone_ref(py))
    }

    #[getter]
    fn usage(&self) -> Usage {
        Usage::from(self.inner.usage.clone())
    }

    /// The files of a WASI guest by the name of their mount, then by path; `None` for each directory.
    #[getter]
    fn trees<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let trees = PyDict::new(py);
        for (name, tree) in self.inner.mounts.iter().zip(&self.inner.trees) {
            trees.set_item(name, wasi::files(py, tree)?)?;
        }
        Ok(trees)
    }

    /// Gives back the report itself if the guest finished with status 0, else raises `Stopped`.
    fn check<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, Self>> {
        if this.get().inner.is_success() {
            Ok(this.clone())
        } else {
            Err(failure::stopped(this.py(), this))
        }
    }

    /// The report as the program prints it with `--json`.
    fn to_dict<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let (py, report) = (this.py(), this.get());
        let document = PyDict::new(py);
        document.set_item("code", report.code())?;
        document.set_item("message", report.outcome())?;
        document.set_item("advice", report.advice())?;
        let text = report._json()?;
        document.update(
            PyModule::import(py, "json")?
                .call_method1("loads", (text,))?
                .cast()?,
        )?;
        Ok(document.into_any())
    }

    fn _json(&self) -> PyResult<String> {
        serde_json::to_string(&self.inner).map_err(failure::value_error)
    }

    fn __reduce__(&self, py: Python<'_>) -> PyResult<(Py<PyAny>, (String,))> {
        let load = PyModule::import(py, "fuelbox._native")?.getattr("load_report")?;
        Ok((load.unbind(), (self._json()?,)))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other
            .cast::<Self>()
            .is_ok_and(|other| other.get().inner == self.inner)
    }

    fn __repr__(&self) -> String {
        let fuelbox::Report {
            outcome,
            output,
            usage,
            ..
        } = &self.inner;
        let outcome: String = outcome.to_string().chars().take(MOST_SHOWN).collect();
        format!(
            "<Report: {outcome}, {} fuel in {:?}, {} bytes of output>",
            usage.fuel,
            usage.time,
            output.len()
        )
    }

    fn _repr_html_<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        PyModule::import(this.py(), "fuelbox._notebook")?.call_method1("html", (this,))
    }

    // No `__clear__`, as for a function.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.cause)
    }
}

impl Report {
    pub(crate) fn new(inner: fuelbox::Report, cause: Option<Py<PyAny>>) -> Self {
        Self {
            cause: cause.filter(|_| inner.stop().is_some()),
            inner,
            output: PyOnceLock::new(),
        }
    }
}

/// Characters of how a run ended that `repr` shows: it may have what a function raised.
const MOST_SHOWN: usize = 150;

/// A report that was pickled.
#[pyfunction]
pub(crate) fn load_report(json: &str) -> PyResult<Report> {
    let inner = serde_json::from_str(json).map_err(failure::value_error)?;
    Ok(Report::new(inner, None))
}

/// What a run used; times in seconds.
#[pyclass(frozen, get_all, eq, module = "fuelbox")]
#[derive(PartialEq)]
pub(crate) struct Usage {
    fuel: u64,
    fuel_schedule: u32,
    peak_memory_bytes: u64,
    memory_growths_denied: u64,
    peak_table_elements: u64,
    table_growths_denied: u64,
    host_calls: u64,
    log_lines_lost: u64,
    stderr_bytes_lost: u64,
    names_left_out: u64,
    time: f64,
    overrun: f64,
    waited: f64,
    slices: u64,
}

#[pymethods]
impl Usage {
    fn __repr__(&self) -> String {
        format!(
            "<Usage: {} fuel, {} bytes of memory, {} s>",
            self.fuel, self.peak_memory_bytes, self.time
        )
    }
}

impl From<fuelbox::Usage> for Usage {
    fn from(usage: fuelbox::Usage) -> Self {
        Self {
            fuel: usage.fuel,
            fuel_schedule: usage.fuel_schedule,
            peak_memory_bytes: usage.peak_memory_bytes,
            memory_growths_denied: usage.memory_growths_denied,
            peak_table_elements: usage.peak_table_elements,
            table_growths_denied: usage.table_growths_denied,
            host_calls: usage.host_calls,
            log_lines_lost: usage.log_lines_lost,
            stderr_bytes_lost: usage.stderr_bytes_lost,
            names_left_out: usage.names_left_out,
            time: usage.time.as_secs_f64(),
            overrun: usage.overrun.as_secs_f64(),
            waited: usage.waited.as_secs_f64(),
            slices: usage.slices,
        }
    }
}
