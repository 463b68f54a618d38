//! Limits and grants together: what guests may use.

use crate::{
    asked::Asked,
    drive::{self, Ended},
    execution::Execution,
    failure,
    function::Function,
    grant,
    instance::Instance,
    interpreter::detached,
    limits::Limits,
    module::Module,
    recording::Recording,
    report::Report,
    serving, values,
};
use pyo3::{PyTraverseError, PyVisit, prelude::*, types::PyTuple};

/// Limits and grants; `fuelbox.Sandbox` is made of it.
#[pyclass(frozen, subclass, module = "fuelbox._native")]
pub(crate) struct Sandbox {
    pub(crate) inner: fuelbox::Sandbox,
    /// The functions of Python that its guests call, by number.
    pub(crate) functions: Vec<Py<Function>>,
}

#[pymethods]
impl Sandbox {
    #[new]
    fn new(
        limits: &Bound<'_, Limits>,
        grants: &Bound<'_, PyAny>,
        stub_unknown: bool,
        require_abi_version: bool,
    ) -> PyResult<Self> {
        let mut sandbox = fuelbox::Sandbox::new(limits.get().inner.clone());
        let mut functions = Vec::new();
        for object in grants.try_iter()? {
            sandbox = grant::grant(sandbox, &object?, &mut functions)?;
        }
        if stub_unknown {
            sandbox = sandbox.stub_unknown();
        }
        if require_abi_version {
            sandbox = sandbox.require_abi_version();
        }
        Ok(Self {
            inner: sandbox,
            functions,
        })
    }

    /// Runs a guest of its own to its end.
    #[pyo3(signature = (module, input = None, *, export = None, args = None, limits = None, cancel = None))]
    fn run(
        this: &Bound<'_, Self>,
        module: &Bound<'_, Module>,
        input: Option<&Bound<'_, PyAny>>,
        export: Option<String>,
        args: Option<&Bound<'_, PyAny>>,
        limits: Option<&Bound<'_, PyAny>>,
        cancel: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Report> {
        let py = this.py();
        let call = Asked {
            input,
            export,
            args,
            limits,
            cancel,
        }
        .call(module.get())?;
        let execution = this.get().begin(py, module.get(), call)?;
        drive::to_end(py, this.as_unbound(), execution).map(Ended::report)
    }

    /// Runs a guest of its own to its end, and records what crosses the boundary.
    #[pyo3(signature = (module, input = None, *, export = None, args = None, limits = None, cancel = None,
                        most_bytes = MOST_RECORDED))]
    #[expect(
        clippy::too_many_arguments,
        reason = "they are those of `run`, and one more"
    )]
    fn record(
        this: &Bound<'_, Self>,
        module: &Bound<'_, Module>,
        input: Option<&Bound<'_, PyAny>>,
        export: Option<String>,
        args: Option<&Bound<'_, PyAny>>,
        limits: Option<&Bound<'_, PyAny>>,
        cancel: Option<&Bound<'_, PyAny>>,
        most_bytes: u64,
    ) -> PyResult<(Report, Recording)> {
        let py = this.py();
        let call = Asked {
            input,
            export,
            args,
            limits,
            cancel,
        }
        .call(module.get())?;
        let sandbox = this.get().inner.clone().record(most_bytes);
        let execution = begin(py, &sandbox, module.get(), call)?;
        let mut ended = drive::to_end(py, this.as_unbound(), execution)?;
        let recording = ended.finished.recording.take();
        let recording = recording.expect("the sandbox records");
        Ok((ended.report(), Recording::new(recording)))
    }

    /// Calls an export in a guest of its own, and gives back what it returns.
    #[pyo3(signature = (module, name, *args))]
    fn call<'py>(
        this: &Bound<'py, Self>,
        module: &Bound<'py, Module>,
        name: &str,
        args: &Bound<'py, PyTuple>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = this.py();
        let values = values::all_from_python(args, &module.get().params(name), &name)?;
        let call = fuelbox::Call::export(name).values(values);
        let execution = this.get().begin(py, module.get(), call)?;
        drive::to_end(py, this.as_unbound(), execution)?.returned(py)
    }

    /// Begins a run of a guest of its own, to be run step by step.
    #[pyo3(signature = (module, input = None, *, export = None, args = None, limits = None, cancel = None))]
    fn start(
        this: &Bound<'_, Self>,
        module: &Bound<'_, Module>,
        input: Option<&Bound<'_, PyAny>>,
        export: Option<String>,
        args: Option<&Bound<'_, PyAny>>,
        limits: Option<&Bound<'_, PyAny>>,
        cancel: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Execution> {
        let py = this.py();
        let call = Asked {
            input,
            export,
            args,
            limits,
            cancel,
        }
        .call(module.get())?;
        let execution = this.get().begin(py, module.get(), call)?;
        Ok(Execution::new(execution, this.clone().unbind(), None))
    }

    /// Makes a guest that lives.
    pub(crate) fn instantiate(
        this: &Bound<'_, Self>,
        module: &Bound<'_, Module>,
    ) -> PyResult<Instance> {
        let py = this.py();
        let (inner, of_module) = (&this.get().inner, &module.get().inner);
        serving::has_room()?;
        let execution = detached(py, || inner.start_instance(of_module))
            .map_err(|error| failure::refused(py, &error))?;
        let mut ended = drive::to_end(py, this.as_unbound(), Box::new(execution))?;
        match ended.finished.instance.take() {
            Some(instance) => Ok(Instance::new(
                instance,
                this.clone().unbind(),
                module.clone().unbind(),
            )),
            None => Err(failure::stopped(py, &Bound::new(py, ended.report())?)),
        }
    }

    /// Why a run of the module, or a call of its export, would be refused; empty where it would begin.
    #[pyo3(signature = (module, export = None))]
    fn check<'py>(
        this: &Bound<'py, Self>,
        module: &Bound<'py, Module>,
        export: Option<String>,
    ) -> Vec<Bound<'py, PyAny>> {
        let py = this.py();
        let (sandbox, module) = (&this.get().inner, &module.get().inner);
        let preflight = match export {
            Some(name) => sandbox.check_call(module, &fuelbox::Call::export(name)),
            None => sandbox.check(module),
        };
        let refusals = preflight.refusals.iter();
        refusals
            .map(|error| {
                failure::refused(py, error)
                    .into_value(py)
                    .into_bound(py)
                    .into_any()
            })
            .collect()
    }

    // No `__clear__`, as for a function.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.functions
            .iter()
            .try_for_each(|function| visit.call(function))
    }
}

impl Sandbox {
    fn begin(
        &self,
        py: Python<'_>,
        module: &Module,
        call: fuelbox::Call,
    ) -> PyResult<Box<fuelbox::Execution>> {
        begin(py, &self.inner, module, call)
    }
}

fn begin(
    py: Python<'_>,
    sandbox: &fuelbox::Sandbox,
    module: &Module,
    call: fuelbox::Call,
) -> PyResult<Box<fuelbox::Execution>> {
    serving::has_room()?;
    detached(py, || sandbox.start(&module.inner, call).map(Box::new))
        .map_err(|error| failure::refused(py, &error))
}

/// What a recording takes at the most if nothing is said: bytes.
const MOST_RECORDED: u64 = 64 << 20;
