//! A call in progress: step it, answer it, finish it.

use crate::{
    caller::Caller,
    cancel::CancelToken,
    drive, failure,
    function::text,
    instance::Instance,
    interpreter::detached,
    report::{Report, Usage},
    request::Request,
    sandbox::Sandbox,
    serving::{self, Serving},
};
use fuelbox::{AnswerError, HostError, Slice, Step, Wait};
use pyo3::{PyTraverseError, PyVisit, prelude::*, types::PyBytes};
use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// One call of a guest, for one thread at a time.
#[pyclass(frozen, module = "fuelbox")]
pub(crate) struct Execution {
    /// Absent during a step, and once it is finished.
    running: Mutex<Option<Box<fuelbox::Execution>>>,
    token: fuelbox::CancelToken,
    sandbox: Py<Sandbox>,
    /// Whose call it is, if the guest is kept.
    instance: Option<Py<Instance>>,
    /// What a function raised: the object, which the garbage collector can look into.
    cause: Mutex<Option<Py<PyAny>>>,
}

#[pymethods]
impl Execution {
    /// Runs the guest for so many seconds or so much fuel, then returns how it stands: `paused`, `waiting` for time or
    /// input, `asking` for an answer of the host, or `done`.
    #[pyo3(signature = (seconds = None, *, fuel = None))]
    fn step(
        &self,
        py: Python<'_>,
        seconds: Option<f64>,
        fuel: Option<u64>,
    ) -> PyResult<&'static str> {
        let time = seconds
            .map(Duration::try_from_secs_f64)
            .transpose()
            .map_err(failure::value_error)?;
        let slice = match (time, fuel) {
            (Some(time), Some(fuel)) => Slice::fuel(fuel).within(time),
            (None, Some(fuel)) => Slice::fuel(fuel),
            (time, None) => Slice::time(time.unwrap_or(DEFAULT_STEP)),
        };
        serving::has_room()?;
        let mut running = self.take()?;
        let serving = Serving::new(py, &self.sandbox);
        let step = detached(py, || running.step(slice));
        let raised = serving.raised();
        drop(serving);
        *self.running() = Some(running);
        if let Some(raised) = raised {
            self.note(raised.into_value(py).into_any());
        }
        Ok(match step {
            Step::Done => "done",
            Step::Waiting(Wait::Host) => "asking",
            Step::Waiting(_) => "waiting",
            _ => "paused",
        })
    }

    /// Sleeps for a millisecond at the most, if the guest waits.
    fn sleep(&self, py: Python<'_>) -> PyResult<()> {
        let mut running = self.take()?;
        detached(py, || running.sleep());
        *self.running() = Some(running);
        Ok(())
    }

    /// What the guest asks, while it waits for an answer.
    fn request(this: &Bound<'_, Self>) -> PyResult<Option<Request>> {
        let py = this.py();
        let sandbox = this.get().sandbox.get();
        let asked = this.get().with_request(|request| {
            let function = sandbox
                .functions
                .iter()
                .find(|function| function.get().is_named(request.module(), request.name()));
            (
                function.map(|function| function.clone_ref(py)),
                request.args().to_vec(),
            )
        })?;
        let Some((Some(function), args)) = asked else {
            return Ok(None);
        };
        let caller = Caller::waiting(this.clone().unbind());
        let args = function.get().arguments(py, caller, &args)?;
        Ok(Some(Request::new(function, args.unbind())))
    }

    /// Answers what the guest asks: with nothing, a value, or a tuple, as the function is declared.
    fn answer(&self, py: Python<'_>, returned: &Bound<'_, PyAny>) -> PyResult<()> {
        let sandbox = self.sandbox.get();
        let function = self.with_request(|request| {
            let mut functions = sandbox.functions.iter();
            functions.find(|function| function.get().is_named(request.module(), request.name()))
        })?;
        let function = function
            .flatten()
            .ok_or_else(|| failure::value_error("the guest asks nothing"))?;
        let values = function.bind(py).get().results(returned)?;
        taken(self.with_running(|running| running.answer_values(&values))?)
    }

    /// Ends the guest's wait with an exception, which is the cause of its stop.
    fn fail(&self, py: Python<'_>, exception: Bound<'_, PyAny>) -> PyResult<()> {
        let error = PyErr::from_value(exception);
        let message = HostError::message(text(py, &error));
        let failed = self.with_running(|running| running.fail(message))?;
        self.note(error.into_value(py).into_any());
        taken(failed)
    }

    /// Runs the guest to its end and gives back the report.
    fn finish(&self, py: Python<'_>) -> PyResult<Report> {
        serving::has_room()?;
        let running = self.take()?;
        let ended = match drive::to_end(py, &self.sandbox, running) {
            Ok(ended) => ended,
            Err(error) => {
                if let Some(instance) = &self.instance {
                    instance.get().abandon();
                }
                return Err(error);
            }
        };
        let mut finished = ended.finished;
        if let Some(instance) = &self.instance {
            instance.get().give_back(&mut finished);
        }
        let cause = ended.cause.or_else(|| self.cause().take());
        Ok(Report::new(finished.report, cause))
    }

    /// The token that ends the call.
    #[getter]
    fn cancel_token(&self) -> CancelToken {
        CancelToken {
            inner: self.token.clone(),
        }
    }

    /// What the guest has written so far.
    #[getter]
    fn output<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        self.with_running(|running| PyBytes::new(py, running.output()))
    }

    /// What a WASI guest has written to its error stream so far.
    #[getter]
    fn stderr<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        self.with_running(|running| PyBytes::new(py, running.stderr()))
    }

    /// What the call has used so far.
    #[getter]
    fn usage(&self) -> PyResult<Usage> {
        self.with_running(|running| Usage::from(running.usage()))
    }

    // No `__clear__`, as for a function.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.sandbox)?;
        visit.call(&self.instance)?;
        // A thread that has the lock is about to change the cause: then it is of no use to anybody but that thread.
        match self.cause.try_lock() {
            Ok(cause) => visit.call(&*cause),
            Err(_) => Ok(()),
        }
    }
}

/// Whether an answer was taken. One that comes too late is as good: the next step says how the call ended.
fn taken(answered: Result<(), AnswerError>) -> PyResult<()> {
    match answered {
        Ok(()) | Err(AnswerError::Stopped { .. }) => Ok(()),
        Err(error) => Err(failure::value_error(error)),
    }
}

/// How long a step is that nothing is said of.
const DEFAULT_STEP: Duration = Duration::from_millis(10);

impl Execution {
    pub(crate) fn new(
        mut running: Box<fuelbox::Execution>,
        sandbox: Py<Sandbox>,
        instance: Option<Py<Instance>>,
    ) -> Self {
        let token = running.cancel_token();
        Self {
            running: Mutex::new(Some(running)),
            token,
            sandbox,
            instance,
            cause: Mutex::default(),
        }
    }

    /// Looks at what the guest asks; `None` where it asks nothing.
    ///
    /// # Errors
    /// `RuntimeError` where it is in a step, or finished.
    pub(crate) fn with_request<T>(
        &self,
        look: impl FnOnce(&mut fuelbox::Request<'_>) -> T,
    ) -> PyResult<Option<T>> {
        self.with_running(|running| running.request().map(|mut request| look(&mut request)))
    }

    fn with_running<T>(&self, look: impl FnOnce(&mut fuelbox::Execution) -> T) -> PyResult<T> {
        let mut running = self.take()?;
        let seen = look(&mut running);
        *self.running() = Some(running);
        Ok(seen)
    }

    fn take(&self) -> PyResult<Box<fuelbox::Execution>> {
        self.running().take().ok_or_else(|| {
            pyo3::exceptions::PyRuntimeError::new_err(
                "the execution is finished, or in the middle of a step",
            )
        })
    }

    fn running(&self) -> MutexGuard<'_, Option<Box<fuelbox::Execution>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what a function raised.
    fn note(&self, raised: Py<PyAny>) {
        let before = self.cause().replace(raised);
        // Its destructor may be code of Python, so not while the lock is held.
        drop(before);
    }

    fn cause(&self) -> MutexGuard<'_, Option<Py<PyAny>>> {
        self.cause.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Execution {
    fn drop(&mut self) {
        let is_left = self.running().is_some();
        if let (true, Some(instance)) = (is_left, &self.instance) {
            instance.get().abandon();
        }
    }
}
