//! A guest that lives: its memory lasts from call to call.

use crate::{
    asked::Asked,
    drive::{self, Ended},
    execution::Execution,
    failure,
    interpreter::detached,
    module::Module,
    report::Report,
    sandbox::Sandbox,
    serving, values,
};
use fuelbox::{Error, Finished, Outcome, Refused, Stop};
use pyo3::{
    PyTraverseError, PyVisit,
    exceptions::{PyIndexError, PyKeyError},
    prelude::*,
    types::{PyBytes, PyTuple},
};
use std::{
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// A guest that is kept, for one call at a time.
#[pyclass(frozen, subclass, module = "fuelbox._native")]
pub(crate) struct Instance {
    life: Mutex<Life>,
    sandbox: Py<Sandbox>,
    module: Py<Module>,
}

/// Where it stands.
enum Life {
    Ready(fuelbox::Instance),
    /// It is in the middle of a call.
    Busy,
    /// It can be called no more; what a later call is told.
    Over(Error),
}

#[pymethods]
impl Instance {
    /// Calls an export, and gives back what it returns.
    #[pyo3(signature = (name, *args))]
    fn call<'py>(
        &self,
        py: Python<'py>,
        name: &str,
        args: &Bound<'py, PyTuple>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let values = values::all_from_python(args, &self.module.get().params(name), &name)?;
        self.to_end(py, fuelbox::Call::export(name).values(values))?
            .returned(py)
    }

    /// Calls the entry or an export and gives back the whole report.
    #[pyo3(signature = (input = None, *, export = None, args = None, limits = None, cancel = None))]
    fn run(
        &self,
        py: Python<'_>,
        input: Option<&Bound<'_, PyAny>>,
        export: Option<String>,
        args: Option<&Bound<'_, PyAny>>,
        limits: Option<&Bound<'_, PyAny>>,
        cancel: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Report> {
        let call = Asked {
            input,
            export,
            args,
            limits,
            cancel,
        }
        .call(self.module.get())?;
        self.to_end(py, call).map(Ended::report)
    }

    /// Begins a call that is run step by step; the instance is busy until it is finished.
    #[pyo3(signature = (input = None, *, export = None, args = None, limits = None, cancel = None))]
    fn start(
        this: &Bound<'_, Self>,
        input: Option<&Bound<'_, PyAny>>,
        export: Option<String>,
        args: Option<&Bound<'_, PyAny>>,
        limits: Option<&Bound<'_, PyAny>>,
        cancel: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Execution> {
        let (py, instance) = (this.py(), this.get());
        let call = Asked {
            input,
            export,
            args,
            limits,
            cancel,
        }
        .call(instance.module.get())?;
        let execution = instance.begin(py, call)?;
        let sandbox = instance.sandbox.clone_ref(py);
        Ok(Execution::new(
            execution,
            sandbox,
            Some(this.clone().unbind()),
        ))
    }

    /// Calls the guest beside the other tasks of asyncio: a coroutine for the report.
    #[pyo3(signature = (input = None, *, export = None, args = None, limits = None, cancel = None))]
    fn run_async<'py>(
        this: &Bound<'py, Self>,
        input: Option<&Bound<'py, PyAny>>,
        export: Option<String>,
        args: Option<&Bound<'py, PyAny>>,
        limits: Option<&Bound<'py, PyAny>>,
        cancel: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let execution = Self::start(this, input, export, args, limits, cancel)?;
        PyModule::import(this.py(), "fuelbox._async")?.call_method1("drive", (execution,))
    }

    /// The instance as a module that starts from here.
    fn snapshot<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let mut instance = self.take(py)?;
        let snapshot = detached(py, || instance.snapshot());
        *self.life() = Life::Ready(instance);
        let snapshot = snapshot.map_err(|error| failure::snapshot(py, &error))?;
        Module::sibling(self.module.bind(py), snapshot)
    }

    /// The `len` bytes of the exported memory at `ptr`.
    fn read<'py>(&self, py: Python<'py>, ptr: u64, len: u64) -> PyResult<Bound<'py, PyBytes>> {
        self.with(py, |instance| {
            let memory = instance.memory();
            let bytes = memory
                .read(ptr, len)
                .map_err(|error| PyIndexError::new_err(error.to_string()))?;
            Ok(PyBytes::new(py, bytes))
        })
    }

    /// Copies bytes into the exported memory at `ptr`.
    fn write(&self, py: Python<'_>, ptr: u64, data: &Bound<'_, PyAny>) -> PyResult<()> {
        let bytes = crate::module::bytes(data)?;
        self.with(py, |instance| {
            let written = instance.memory().write(ptr, &bytes);
            written.map_err(|error| PyIndexError::new_err(error.to_string()))
        })
    }

    /// The size of the exported memory in bytes.
    #[getter]
    fn memory_bytes(&self, py: Python<'_>) -> PyResult<u64> {
        self.with(py, |instance| Ok(instance.memory().size()))
    }

    /// The value of an exported global.
    #[pyo3(name = "global_")]
    fn global<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let value = self.with(py, |instance| Ok(instance.global(name)))?;
        let value = value
            .ok_or_else(|| PyKeyError::new_err(format!("the module exports no global {name:?}")))?;
        values::to_python(py, value)
    }

    /// Whether it can be called, now or once the call in progress is over.
    #[getter]
    fn is_alive(&self) -> bool {
        !matches!(&*self.life(), Life::Over(_))
    }

    #[getter]
    fn module(&self, py: Python<'_>) -> Py<Module> {
        self.module.clone_ref(py)
    }

    fn __repr__(&self) -> &'static str {
        match &*self.life() {
            Life::Ready(_) => "<Instance>",
            Life::Busy => "<Instance, in a call>",
            Life::Over(_) => "<Instance, stopped>",
        }
    }

    // No `__clear__`, as for a function.
    pub(crate) fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.sandbox)?;
        visit.call(&self.module)
    }
}

impl Instance {
    pub(crate) fn new(
        instance: fuelbox::Instance,
        sandbox: Py<Sandbox>,
        module: Py<Module>,
    ) -> Self {
        Self {
            life: Mutex::new(Life::Ready(instance)),
            sandbox,
            module,
        }
    }

    /// Notes how a call ended, and takes the instance back if it still lives.
    pub(crate) fn give_back(&self, finished: &mut Finished) {
        let life = match (finished.instance.take(), &finished.report.outcome) {
            (Some(instance), _) => Life::Ready(instance),
            (None, Outcome::Finished { status }) => {
                Life::Over(Error::InstanceExited { status: *status })
            }
            (None, outcome) => {
                let stop = match outcome {
                    Outcome::Stopped { stop, .. } => stop.clone(),
                    _ => Stop::Cancelled,
                };
                Life::Over(Error::InstanceStopped {
                    stop: Box::new(stop),
                })
            }
        };
        *self.life() = life;
    }

    /// Whether it can be called now.
    pub(crate) fn can_be_called(&self) -> bool {
        matches!(&*self.life(), Life::Ready(_))
    }

    /// Notes that a call was left in its middle.
    pub(crate) fn abandon(&self) {
        *self.life() = Life::Over(Error::InstanceStopped {
            stop: Box::new(Stop::Cancelled),
        });
    }

    pub(crate) fn to_end(&self, py: Python<'_>, call: fuelbox::Call) -> PyResult<Ended> {
        self.to_end_seen(py, call, |_| ()).map(|(ended, _)| ended)
    }

    /// The same, and what `look` sees in the guest at the end of the call.
    pub(crate) fn to_end_seen<T: Send>(
        &self,
        py: Python<'_>,
        call: fuelbox::Call,
        look: impl Fn(&fuelbox::Execution) -> T + Sync,
    ) -> PyResult<(Ended, T)> {
        let execution = self.begin(py, call)?;
        match drive::to_end_seen(py, &self.sandbox, execution, look) {
            Ok((mut ended, seen)) => {
                self.give_back(&mut ended.finished);
                Ok((ended, seen))
            }
            Err(error) => {
                self.abandon();
                Err(error)
            }
        }
    }

    fn begin(&self, py: Python<'_>, call: fuelbox::Call) -> PyResult<Box<fuelbox::Execution>> {
        serving::has_room()?;
        match self.take(py)?.start(call) {
            Ok(execution) => Ok(Box::new(execution)),
            Err(Refused {
                error, instance, ..
            }) => {
                *self.life() = Life::Ready(instance);
                Err(failure::refused(py, &error))
            }
        }
    }

    /// Takes the instance for a call.
    fn take(&self, py: Python<'_>) -> PyResult<fuelbox::Instance> {
        let mut life = self.life();
        match mem::replace(&mut *life, Life::Busy) {
            Life::Ready(instance) => Ok(instance),
            Life::Busy => Err(failure::busy("instance")),
            Life::Over(error) => {
                *life = Life::Over(error.clone());
                drop(life);
                Err(failure::refused(py, &error))
            }
        }
    }

    /// Looks at the instance between two calls.
    fn with<T>(
        &self,
        py: Python<'_>,
        look: impl FnOnce(&mut fuelbox::Instance) -> PyResult<T>,
    ) -> PyResult<T> {
        let mut instance = self.take(py)?;
        let seen = look(&mut instance);
        *self.life() = Life::Ready(instance);
        seen
    }

    fn life(&self) -> MutexGuard<'_, Life> {
        self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
