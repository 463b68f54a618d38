//! Guest code that passed every check and is compiled, once for each process.

use crate::{
    cache::{self, Key},
    failure,
    interpreter::detached,
};
use fuelbox::{Error, ExternType, FunctionType, ModuleBuilder, ModuleLimits, ValueType};
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    types::{PyByteArray, PyBytes, PyMemoryView, PyString},
};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// A module with its bytes; `fuelbox.Module` is made of it.
#[pyclass(frozen, subclass, weakref, module = "fuelbox._native")]
pub(crate) struct Module {
    pub(crate) inner: fuelbox::Module,
    wasm: Py<PyBytes>,
    key: Key,
    /// Parameters of the functions that were called, since to look them up in the module takes longer than a call.
    params: Mutex<BTreeMap<Box<str>, Arc<[ValueType]>>>,
}

#[pymethods]
impl Module {
    /// `options` is what the module is built with, as JSON; `sha256` is that of the bytes, where it is known.
    #[new]
    #[pyo3(signature = (wasm, options, sha256 = None))]
    fn new(
        py: Python<'_>,
        wasm: &Bound<'_, PyAny>,
        options: String,
        sha256: Option<[u8; 32]>,
    ) -> PyResult<Self> {
        let wasm = match wasm.cast::<PyBytes>() {
            Ok(bytes) => bytes.clone(),
            Err(_) => PyBytes::new(py, &bytes(wasm)?),
        };
        let builder = builder(&options)?;
        let bytes = wasm.as_bytes();
        let (key, module) = detached(py, || {
            let sha256 = sha256.unwrap_or_else(|| Sha256::digest(bytes).into());
            let key = Key { sha256, options };
            let module = cache::module(&key, || builder.build(bytes));
            (key, module)
        });
        let inner = module.map_err(|error| failure::refused(py, &error))?;
        Ok(Self {
            inner,
            wasm: wasm.unbind(),
            key,
            params: Mutex::default(),
        })
    }

    /// The bytes that it was made from.
    #[getter]
    pub(crate) fn wasm(&self, py: Python<'_>) -> Py<PyBytes> {
        self.wasm.clone_ref(py)
    }

    #[getter]
    fn _sha256<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.key.sha256)
    }

    #[getter]
    fn _options(&self) -> &str {
        &self.key.options
    }

    #[getter]
    fn name(&self) -> Option<&str> {
        self.inner.name()
    }

    /// How many copies of its compiled code there are: threads that start guests at once use different ones.
    #[getter]
    fn lanes(&self) -> usize {
        self.inner.lanes()
    }

    /// Makes copies until there are `count`, or as many as it may have.
    fn make_lanes(&self, py: Python<'_>, count: usize) -> PyResult<()> {
        detached(py, || self.inner.make_lanes(count)).map_err(|error| failure::refused(py, &error))
    }

    /// What it is made of, as JSON.
    fn _inspect(&self) -> PyResult<String> {
        let module = &self.inner;
        let exports: Vec<_> = module.exports().collect();
        let description = json!({
            "name": module.name(),
            "fingerprint": format!("{:016x}", module.fingerprint()),
            "abi_version": module.abi_version(),
            "has_start": module.has_start(),
            "imports": module.imports(),
            "exports": exports,
            "memories": module.memories(),
            "tables": module.tables(),
        });
        serde_json::to_string(&description).map_err(failure::value_error)
    }
}

impl Module {
    /// The types of what the export `name` takes; none where it is no function.
    pub(crate) fn params(&self, name: &str) -> Arc<[ValueType]> {
        let mut known = self.params.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(params) = known.get(name) {
            return params.clone();
        }
        let Some(ExternType::Function(FunctionType { params, .. })) = self.inner.export(name)
        else {
            return Arc::default();
        };
        let params: Arc<[ValueType]> = params.into();
        known.insert(name.into(), params.clone());
        params
    }

    /// A snapshot of an instance of it, as an object of the same class.
    ///
    /// # Errors
    /// Those of making the object.
    pub(crate) fn sibling<'py>(
        this: &Bound<'py, Self>,
        snapshot: fuelbox::Module,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = this.py();
        let wasm = PyBytes::new(py, snapshot.wasm().unwrap_or_default());
        let sha256: [u8; 32] = Sha256::digest(wasm.as_bytes()).into();
        let options = this.get().key.options.clone();
        cache::keep(
            &Key {
                sha256,
                options: options.clone(),
            },
            snapshot,
        );
        this.get_type()
            .call_method1("_load", (wasm, options, PyBytes::new(py, &sha256)))
    }
}

/// How a module is built that has these options.
fn builder(options: &str) -> PyResult<ModuleBuilder> {
    let mut options: Json = serde_json::from_str(options).map_err(failure::value_error)?;
    let limits = options
        .get_mut("limits")
        .map(Json::take)
        .unwrap_or_default();
    let limits: ModuleLimits = serde_json::from_value(limits).map_err(failure::value_error)?;
    let is_set = |name: &str| {
        options
            .get(name)
            .and_then(Json::as_bool)
            .unwrap_or_default()
    };
    let builder = fuelbox::Module::builder()
        .limits(limits)
        .snapshots(is_set("snapshots"))
        .lazy(is_set("lazy"));
    let builder = match options.get("name").and_then(Json::as_str) {
        Some(name) => builder.name(name),
        None => builder,
    };
    let most_lanes = options.get("most_lanes").and_then(Json::as_u64);
    Ok(match most_lanes.map(usize::try_from) {
        Some(most) => builder.most_lanes(most.map_err(failure::value_error)?),
        None => builder,
    })
}

/// The bytes of a module in the text format.
#[pyfunction]
pub(crate) fn assemble<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyBytes>> {
    match wat::parse_str(text) {
        Ok(wasm) => Ok(PyBytes::new(py, &wasm)),
        Err(error) => {
            let message = error.to_string();
            Err(failure::refused(py, &Error::InvalidText { message }))
        }
    }
}

/// The bytes of what is bytes, has a buffer, or is a text.
///
/// # Errors
/// `TypeError`.
pub(crate) fn bytes(object: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(bytes) = object.cast::<PyBytes>() {
        return Ok(bytes.as_bytes().to_vec());
    }
    if let Ok(bytes) = object.cast::<PyByteArray>() {
        return Ok(bytes.to_vec());
    }
    if object.is_instance_of::<PyString>() {
        return object.extract::<String>().map(String::into_bytes);
    }
    let view = PyMemoryView::from(object).map_err(|_| {
        let found = object
            .get_type()
            .name()
            .map(|name| name.to_string())
            .unwrap_or_default();
        PyTypeError::new_err(format!(
            "bytes, something with a buffer, or str is needed, not {found}"
        ))
    })?;
    view.call_method0("tobytes")?.extract()
}
