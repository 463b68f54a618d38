//! Functions of Python that guests call.

use crate::{
    caller::{self, Reason},
    failure,
    interpreter::OnTheWay,
    serving,
    values::{self, value_type},
};
use fuelbox::{HostError, Value, ValueType};
use pyo3::{PyTraverseError, PyVisit, prelude::*, types::PyTuple};
use std::{fmt, sync::Arc};

/// A callable that guests import as `module`.`name`.
#[pyclass(frozen, subclass, module = "fuelbox._native")]
pub(crate) struct Function {
    callable: Py<PyAny>,
    signature: Arc<Signature>,
}

/// What is known of a function beside the callable itself.
struct Signature {
    module: String,
    name: String,
    params: Vec<ValueType>,
    results: Vec<ValueType>,
    /// Whether it gets the caller before the arguments.
    wants_caller: bool,
    /// Whether it is `async def`: the guest waits for its answer.
    is_async: bool,
}

#[pymethods]
impl Function {
    #[new]
    #[expect(clippy::needless_pass_by_value, reason = "what pyo3 extracts is owned")]
    fn new(
        module: String,
        name: String,
        callable: Py<PyAny>,
        params: Vec<String>,
        results: Vec<String>,
        wants_caller: bool,
        is_async: bool,
    ) -> PyResult<Self> {
        let types = |names: &[String]| {
            names
                .iter()
                .map(|name| value_type(name))
                .collect::<PyResult<Vec<_>>>()
        };
        let (params, results) = (types(&params)?, types(&results)?);
        let signature = Signature {
            module,
            name,
            params,
            results,
            wants_caller,
            is_async,
        };
        Ok(Self {
            callable,
            signature: Arc::new(signature),
        })
    }

    #[getter]
    fn module(&self) -> &str {
        &self.signature.module
    }

    #[getter]
    fn name(&self) -> &str {
        &self.signature.name
    }

    #[getter]
    fn callable(&self, py: Python<'_>) -> Py<PyAny> {
        self.callable.clone_ref(py)
    }

    #[getter]
    fn is_async(&self) -> bool {
        self.signature.is_async
    }

    #[pyo3(signature = (*args))]
    fn __call__<'py>(
        &self,
        py: Python<'py>,
        args: &Bound<'py, PyTuple>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.callable.bind(py).call1(args)
    }

    fn __repr__(&self) -> String {
        let Signature {
            module,
            name,
            params,
            results,
            ..
        } = &*self.signature;
        format!(
            "<Function {module}.{name} {}>",
            fuelbox::FunctionType::new(params, results)
        )
    }

    // No `__clear__`: a function never changes, so in every cycle there is something else that can be cleared.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.callable)
    }
}

impl Function {
    /// The library's function, number `index` among those of its sandbox.
    pub(crate) fn grant(&self, index: usize) -> fuelbox::Function {
        let Signature {
            module,
            name,
            params,
            results,
            is_async,
            ..
        } = &*self.signature;
        let (module, name) = (module.clone(), name.clone());
        if *is_async {
            return fuelbox::Function::waiting(module, name, params, results);
        }
        let signature = self.signature.clone();
        fuelbox::Function::dynamic(module, name, params, results, move |caller, args| {
            let _way = OnTheWay::new();
            caller::with(caller, |caller| {
                Python::attach(|py| {
                    call(py, index, &signature, caller, args).map_err(|error| passed_on(py, error))
                })
            })
        })
    }

    /// Whether the guest imports it by this name.
    pub(crate) fn is_named(&self, module: &str, name: &str) -> bool {
        self.signature.name == name && self.signature.module == module
    }

    /// What an answer of it stands for.
    ///
    /// # Errors
    /// As [`values::from_returned`].
    pub(crate) fn results(&self, returned: &Bound<'_, PyAny>) -> PyResult<Vec<Value>> {
        values::from_returned(returned, &self.signature.results, &*self.signature)
    }

    /// What it is called with.
    pub(crate) fn arguments<'py>(
        &self,
        py: Python<'py>,
        caller: caller::Caller,
        args: &[Value],
    ) -> PyResult<Bound<'py, PyTuple>> {
        self.signature.arguments(py, caller, args)
    }
}

impl Signature {
    fn arguments<'py>(
        &self,
        py: Python<'py>,
        caller: caller::Caller,
        args: &[Value],
    ) -> PyResult<Bound<'py, PyTuple>> {
        let mut arguments = Vec::with_capacity(args.len().saturating_add(1));
        if self.wants_caller {
            arguments.push(Bound::new(py, caller)?.into_any());
        }
        for arg in args {
            arguments.push(values::to_python(py, *arg)?);
        }
        PyTuple::new(py, arguments)
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.module, self.name)
    }
}

/// Calls function number `index` of the sandbox whose guest runs on this thread.
fn call(
    py: Python<'_>,
    index: usize,
    signature: &Signature,
    caller: caller::Caller,
    args: &[Value],
) -> PyResult<Vec<Value>> {
    let sandbox = serving::sandbox(py);
    let function = sandbox
        .as_ref()
        .and_then(|sandbox| sandbox.get().functions.get(index));
    let function = function.ok_or_else(|| failure::value_error("no guest runs on this thread"))?;
    let arguments = signature.arguments(py, caller, args)?;
    let returned = function.get().callable.bind(py).call1(arguments)?;
    function.get().results(&returned)
}

/// The error for the library: a reason to stop as it is, else its text, while the exception itself is kept.
fn passed_on(py: Python<'_>, error: PyErr) -> HostError {
    let reason = error.value(py).getattr("_reason").ok();
    if let Some(reason) = reason
        .as_ref()
        .and_then(|reason| reason.cast::<Reason>().ok())
    {
        return reason.get().0.clone().into();
    }
    let message = text(py, &error);
    serving::raise(error);
    HostError::message(message)
}

/// What an exception says, without its traceback.
pub(crate) fn text(py: Python<'_>, error: &PyErr) -> String {
    let name = error
        .get_type(py)
        .name()
        .map(|name| name.to_string())
        .unwrap_or_default();
    match error.value(py).str().map(|text| text.to_string()) {
        Ok(text) if !text.is_empty() => format!("{name}: {text}"),
        _ => name,
    }
}
