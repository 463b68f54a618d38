//! Runs a call to its end without the interpreter lock, and looks for Ctrl-C meanwhile.

use crate::{
    failure, interpreter::detached, report::Report, sandbox::Sandbox, serving::Serving, values,
};
use fuelbox::{Execution, Finished, Slice, Step, Wait};
use pyo3::{exceptions::PyException, prelude::*};
use std::time::Duration;

/// How long a guest runs between two looks for signals: nobody who presses Ctrl-C notices, and it costs nothing.
const LOOK: Duration = Duration::from_millis(50);

/// What a call left, and what one of the host's functions raised in it.
pub(crate) struct Ended {
    /// In a box, since a short call would notice how often it is handed on.
    pub(crate) finished: Box<Finished>,
    pub(crate) cause: Option<Py<PyAny>>,
}

impl Ended {
    pub(crate) fn report(self) -> Report {
        Report::new(self.finished.report, self.cause)
    }

    /// What the export returned: nothing, a value, or a tuple.
    ///
    /// # Errors
    /// `Stopped`.
    pub(crate) fn returned(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let report = &self.finished.report;
        if report.is_success() {
            return values::returned(py, &report.values);
        }
        Err(failure::stopped(py, &Bound::new(py, self.report())?))
    }
}

/// Runs a call of a guest of `sandbox` to its end. A guest that asks a function of asyncio stops: nobody answers.
///
/// # Errors
/// What a signal's handler raises, such as `KeyboardInterrupt`, and what functions raise that is not an `Exception`;
/// with the report so far as its attribute `report`.
pub(crate) fn to_end(
    py: Python<'_>,
    sandbox: &Py<Sandbox>,
    execution: Box<Execution>,
) -> PyResult<Ended> {
    to_end_seen(py, sandbox, execution, |_| ()).map(|(ended, _)| ended)
}

/// The same, and what `look` sees in the guest at its end, which it can no more once the call is finished.
///
/// # Errors
/// As [`to_end`].
pub(crate) fn to_end_seen<T: Send>(
    py: Python<'_>,
    sandbox: &Py<Sandbox>,
    execution: Box<Execution>,
    look: impl Fn(&Execution) -> T + Sync,
) -> PyResult<(Ended, T)> {
    let serving = Serving::new(py, sandbox);
    let mut execution = Some(execution);
    let mut interrupt = None;
    let (finished, seen) = loop {
        let ended = detached(py, || {
            let running = execution.as_mut()?;
            if interrupt.is_some() {
                running.cancel_token().cancel();
            }
            if interrupt.is_none() && !is_over(running) {
                return None;
            }
            let seen = look(running);
            Some((Box::new(execution.take()?.finish()), seen))
        });
        if let Some(ended) = ended {
            break ended;
        }
        interrupt = py.check_signals().err();
    };
    let cause = serving.raised();
    drop(serving);
    let cause = match cause {
        // Not for the guest's caller to look at in a report, but for whoever waits for it: `KeyboardInterrupt`.
        Some(cause) if !cause.is_instance_of::<PyException>(py) => {
            interrupt.get_or_insert(cause);
            None
        }
        cause => cause.map(|cause| cause.into_value(py).into_any()),
    };
    match interrupt {
        None => Ok((Ended { finished, cause }, seen)),
        Some(error) => {
            let report = Bound::new(py, Report::new(finished.report, cause))?;
            // Some exceptions take no attributes.
            let _ = error.value(py).setattr("report", report);
            Err(error)
        }
    }
}

/// Runs it for a while; whether it has come to its end or can go on by no means of ours.
fn is_over(execution: &mut Execution) -> bool {
    match execution.step(Slice::time(LOOK)) {
        Step::Done | Step::Waiting(Wait::Host) => true,
        Step::Waiting(_) => {
            execution.sleep();
            false
        }
        _ => false,
    }
}
