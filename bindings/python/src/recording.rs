//! What crossed the boundary in a run, and where its fuel went.

use crate::{failure, interpreter::detached, module::Module, report::Report};
use fuelbox_observe::{
    Symbols,
    profile::{Node, Profile as Named},
};
use pyo3::{
    prelude::*,
    types::{PyBytes, PyList},
};

/// A run that can be run again, without the host.
#[pyclass(frozen, module = "fuelbox")]
pub(crate) struct Recording {
    inner: fuelbox::Recording,
}

#[pymethods]
impl Recording {
    /// One that was written by `to_bytes`, or by the program with `--record`.
    #[staticmethod]
    fn from_bytes(data: &Bound<'_, PyAny>) -> PyResult<Self> {
        let bytes = crate::module::bytes(data)?;
        let inner = fuelbox::Recording::from_bytes(&bytes).map_err(failure::value_error)?;
        Ok(Self { inner })
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.inner.to_bytes())
    }

    /// Whether it was full before the guest came to its end.
    #[getter]
    fn is_cut(&self) -> bool {
        self.inner.is_cut()
    }

    /// Runs it again: the reports, and where it parted from what was recorded, if it did.
    fn replay<'py>(
        &self,
        py: Python<'py>,
        module: &Bound<'py, Module>,
    ) -> PyResult<(Bound<'py, PyList>, Option<String>)> {
        let module = &module.get().inner;
        let replay = detached(py, || self.inner.replay(module))
            .map_err(|error| failure::refused(py, &error))?;
        let reports = replay.reports.into_iter();
        let reports = PyList::new(
            py,
            reports
                .map(|report| Bound::new(py, Report::new(report, None)))
                .collect::<PyResult<Vec<_>>>()?,
        )?;
        Ok((
            reports,
            replay.divergence.map(|divergence| divergence.to_string()),
        ))
    }

    /// Runs it again and counts the fuel of each function, which takes none.
    fn profile(&self, py: Python<'_>, module: &Bound<'_, Module>) -> PyResult<Profile> {
        let wasm = module.get().wasm(py);
        let wasm = wasm.as_bytes(py);
        let counted = detached(py, || self.inner.profile(wasm))
            .map_err(|error| failure::refused(py, &error))?;
        let nodes = counted.nodes.iter().map(|node| Node {
            parent: node.parent,
            function: node.function,
            fuel: node.fuel,
            calls: node.calls,
        });
        let nodes = nodes.collect();
        let inner = detached(py, || Named::new(nodes, &Symbols::new(wasm)));
        Ok(Profile { inner })
    }

    fn __repr__(&self) -> String {
        let calls = self.inner.calls();
        format!(
            "<Recording of {calls} call{}, with {} of the host>",
            if calls == 1 { "" } else { "s" },
            self.inner.host_calls()
        )
    }
}

impl Recording {
    pub(crate) fn new(inner: fuelbox::Recording) -> Self {
        Self { inner }
    }
}

/// Where the fuel of a run went: by function, and by the calls that led there.
#[pyclass(frozen, module = "fuelbox")]
pub(crate) struct Profile {
    inner: Named,
}

#[pymethods]
impl Profile {
    /// All fuel together: that of the run.
    #[getter]
    fn fuel(&self) -> u64 {
        self.inner.fuel()
    }

    /// Name, fuel of its own, fuel with what it called, and calls of each function; the most expensive first.
    fn functions(&self) -> Vec<(String, u64, u64, u64)> {
        let functions = self.inner.functions().into_iter();
        functions
            .map(|function| (function.name, function.own, function.total, function.calls))
            .collect()
    }

    /// Folded stacks, one a line, as tools for flame graphs read them.
    fn folded(&self) -> String {
        self.inner.folded()
    }

    /// A flame graph, which is a picture in SVG.
    #[pyo3(signature = (title = "fuel"))]
    fn flame_graph(&self, title: &str) -> String {
        self.inner.flame_graph(title)
    }

    /// A profile for pprof.
    fn pprof<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.inner.pprof())
    }

    fn __repr__(&self) -> String {
        let functions = self.inner.functions();
        let first = functions.first();
        format!(
            "<Profile of {} fuel in {} functions, most in {}>",
            self.inner.fuel(),
            functions.len(),
            first.map_or("none", |function| &function.name)
        )
    }

    fn _repr_svg_(&self) -> String {
        self.inner.flame_graph("fuel")
    }
}
