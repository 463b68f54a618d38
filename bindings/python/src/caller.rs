//! What a Python function sees of the guest that calls it.

use crate::{execution::Execution, failure};
use fuelbox::Halt;
use pyo3::{PyTraverseError, PyVisit, exceptions::PyRuntimeError, prelude::*, types::PyBytes};
use scoped_tls_hkt::scoped_thread_local;
use std::sync::atomic::{AtomicU64, Ordering};

scoped_thread_local!(
    /// The guest's call that is in progress on this thread.
    static mut CALL: for<'a> &'a mut (dyn Numbered + 'a)
);

/// What can be asked of a guest in the middle of a call.
trait Guest {
    fn read(&mut self, ptr: u32, len: u32) -> Result<Vec<u8>, Halt>;
    fn write(&mut self, ptr: u32, bytes: &[u8]) -> Result<(), Halt>;
    fn charge(&mut self, fuel: u64) -> Result<(), Halt>;
    fn fuel_used(&self) -> u64;
    fn fuel_left(&self) -> u64;
}

/// A guest in a call that has a number.
trait Numbered {
    fn guest(&mut self, number: u64) -> Option<&mut dyn Guest>;
}

/// The number, and the guest.
struct Current<'a, 'b>(u64, &'a mut fuelbox::Caller<'b>);

impl Numbered for Current<'_, '_> {
    fn guest(&mut self, number: u64) -> Option<&mut dyn Guest> {
        (self.0 == number).then_some(self.1)
    }
}

impl Guest for fuelbox::Caller<'_> {
    fn read(&mut self, ptr: u32, len: u32) -> Result<Vec<u8>, Halt> {
        self.read(ptr, len).map(<[u8]>::to_vec)
    }

    fn write(&mut self, ptr: u32, bytes: &[u8]) -> Result<(), Halt> {
        self.write(ptr, bytes)
    }

    fn charge(&mut self, fuel: u64) -> Result<(), Halt> {
        self.charge(fuel)
    }

    fn fuel_used(&self) -> u64 {
        self.fuel_used()
    }

    fn fuel_left(&self) -> u64 {
        self.fuel_left()
    }
}

/// A guest that waits for an answer.
impl Guest for fuelbox::Request<'_> {
    fn read(&mut self, ptr: u32, len: u32) -> Result<Vec<u8>, Halt> {
        self.read(ptr, len).map(<[u8]>::to_vec)
    }

    fn write(&mut self, ptr: u32, bytes: &[u8]) -> Result<(), Halt> {
        self.write(ptr, bytes)
    }

    fn charge(&mut self, fuel: u64) -> Result<(), Halt> {
        self.charge(fuel)
    }

    fn fuel_used(&self) -> u64 {
        self.fuel_used()
    }

    fn fuel_left(&self) -> u64 {
        self.fuel_left()
    }
}

/// The guest that calls a function of Python: its memory and its fuel, as long as the call lasts.
#[pyclass(frozen, module = "fuelbox")]
pub(crate) struct Caller(Call);

/// Which call.
enum Call {
    /// One in progress on this thread, by its number.
    Now(u64),
    /// One that waits for its answer.
    Waiting(Py<Execution>),
}

/// Calls `function` with a caller that leads to `guest`.
pub(crate) fn with<T>(guest: &mut fuelbox::Caller<'_>, function: impl FnOnce(Caller) -> T) -> T {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    CALL.set(&mut Current(number, guest), || {
        function(Caller(Call::Now(number)))
    })
}

impl Caller {
    /// The caller of a function that is answered later.
    pub(crate) fn waiting(execution: Py<Execution>) -> Self {
        Self(Call::Waiting(execution))
    }

    fn ask<T>(&self, ask: impl FnOnce(&mut dyn Guest) -> Result<T, Halt>) -> PyResult<T> {
        match &self.0 {
            Call::Now(number) if CALL.is_set() => {
                let answer = CALL.with(|current| current.guest(*number).map(ask));
                answer.ok_or_else(over)?.map_err(halted)
            }
            Call::Now(_) => Err(over()),
            Call::Waiting(execution) => {
                let answer = execution.get().with_request(|request| ask(request))?;
                answer.ok_or_else(over)?.map_err(halted)
            }
        }
    }
}

#[pymethods]
impl Caller {
    /// The `len` bytes of guest memory at `ptr`.
    fn read<'py>(&self, py: Python<'py>, ptr: u32, len: u32) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &self.ask(|guest| guest.read(ptr, len))?))
    }

    /// Copies `data` into guest memory at `ptr`.
    #[expect(clippy::needless_pass_by_value, reason = "as pyo3 hands bytes over")]
    fn write(&self, ptr: u32, data: std::borrow::Cow<'_, [u8]>) -> PyResult<()> {
        self.ask(|guest| guest.write(ptr, &data))
    }

    /// Takes `fuel` more from the guest, for work that the base price does not cover.
    fn charge(&self, fuel: u64) -> PyResult<()> {
        self.ask(|guest| guest.charge(fuel))
    }

    /// Fuel that the run has used so far.
    #[getter]
    fn fuel_used(&self) -> PyResult<u64> {
        self.ask(|guest| Ok(guest.fuel_used()))
    }

    /// Fuel that the run has left.
    #[getter]
    fn fuel_left(&self) -> PyResult<u64> {
        self.ask(|guest| Ok(guest.fuel_left()))
    }

    // No `__clear__`, as for a function.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        match &self.0 {
            Call::Now(_) => Ok(()),
            Call::Waiting(execution) => visit.call(execution),
        }
    }
}

/// Why a function cannot go on, within the exception `Halted`: the guest stops for that reason where it is passed on.
#[pyclass(frozen)]
pub(crate) struct Reason(pub(crate) Halt);

fn over() -> PyErr {
    PyRuntimeError::new_err("the call that this caller belongs to is over")
}

fn halted(halt: Halt) -> PyErr {
    let exception = Python::attach(|py| -> PyResult<PyErr> {
        let message = halt.to_string();
        let class = failure::class_of(py, "Halted")?;
        Ok(PyErr::from_value(class.call1((message, Reason(halt)))?))
    });
    exception.unwrap_or_else(|error| error)
}
