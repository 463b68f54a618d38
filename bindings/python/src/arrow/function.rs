//! A guest that is called for one record batch after another.

use super::{
    batch::Batch,
    encode::{self, Unfit},
    fault::{self, Kind},
    source::Source,
};
use crate::{
    failure, instance::Instance, interpreter::detached, limits::Limits, module::Module,
    sandbox::Sandbox,
};
use fuelbox::{Call, CallLimits, Execution, Value};
use fuelbox_guest::batch::layout::ROW_EXPORT;
use pyo3::{PyTraverseError, PyVisit, prelude::*};
use std::{
    mem,
    sync::{Mutex, PoisonError},
};

/// A guest as a function of record batches. Threads can share it: each call has an instance for itself.
#[pyclass(frozen, module = "fuelbox._native")]
pub(crate) struct BatchFunction {
    sandbox: Py<Sandbox>,
    module: Py<Module>,
    limits: Budget,
    same_rows: bool,
    /// Instances that wait for the next batch.
    idle: Mutex<Vec<Guest>>,
}

/// An instance, and where it keeps the row that it is at, if it says so.
struct Guest {
    instance: Instance,
    row: Option<u64>,
}

/// What a batch may use.
struct Budget {
    /// Of each batch, where they are others than the sandbox's.
    of_batch: Option<CallLimits>,
    of_sandbox: CallLimits,
    row_fuel: Option<u64>,
}

#[pymethods]
impl BatchFunction {
    #[new]
    fn new(
        sandbox: &Bound<'_, Sandbox>,
        module: &Bound<'_, Module>,
        limits: Option<&Bound<'_, Limits>>,
        row_fuel: Option<u64>,
        same_rows: bool,
    ) -> Self {
        Self {
            sandbox: sandbox.clone().unbind(),
            module: module.clone().unbind(),
            limits: Budget {
                of_batch: limits.map(|limits| limits.get().inner.call.clone()),
                of_sandbox: sandbox.get().inner.limits().call.clone(),
                row_fuel,
            },
            same_rows,
            idle: Mutex::default(),
        }
    }

    fn __call__(&self, py: Python<'_>, batch: &Bound<'_, PyAny>) -> PyResult<Batch> {
        let encoded = match batch.cast::<Source>() {
            Ok(source) => {
                let source = source.get();
                detached(py, || encode::encode(source))
            }
            Err(_) => {
                let source = Source::of(batch)?;
                detached(py, || encode::encode(&source))
            }
        };
        let (rows, input) = encoded.map_err(|Unfit { column, message }| {
            fault::raised(py, Kind::Unsupported, &message, column, None)
        })?;
        let guest = self.guest(py)?;
        let call = self.limits.apply(Call::entry().input(input), rows);
        let address = guest.row;
        let look = move |execution: &Execution| row_of(execution, address);
        let (mut ended, row) = guest.instance.to_end_seen(py, call, look)?;
        let report = &mut ended.finished.report;
        let is_success = report.is_success();
        let output = if is_success {
            mem::take(&mut report.output)
        } else {
            Vec::new()
        };
        let report = Bound::new(py, ended.report())?;
        if guest.instance.can_be_called() {
            self.idle
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(guest);
        }
        if !is_success {
            // A guest can write any number there.
            let row = row.filter(|row| *row < rows);
            return Err(match row {
                Some(row) => failure::row(py, &report, row),
                None => failure::stopped(py, &report),
            });
        }
        let reply = Batch::new(py, output, &report)?;
        if self.same_rows && reply.rows() != rows {
            let found = reply.rows();
            let message = format!("the reply of the guest has {found} rows, it was given {rows}");
            return Err(fault::raised(py, Kind::Rows, &message, None, Some(&report)));
        }
        Ok(reply)
    }

    // No `__clear__`, as for a function.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.sandbox)?;
        visit.call(&self.module)?;
        // Nothing may wait here. Whoever has the lock takes or gives back an instance, which are seen the next time.
        let idle = self.idle.try_lock();
        idle.iter()
            .flat_map(|idle| idle.iter())
            .try_for_each(|guest| guest.instance.__traverse__(visit))
    }
}

impl BatchFunction {
    /// An instance that waits, or a new one.
    fn guest(&self, py: Python<'_>) -> PyResult<Guest> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        if let Some(guest) = idle {
            return Ok(guest);
        }
        let instance = Sandbox::instantiate(self.sandbox.bind(py), self.module.bind(py))?;
        let is_exported = self.module.get().inner.export(ROW_EXPORT).is_some();
        let mut row = None;
        if is_exported {
            let ended = instance.to_end(py, Call::export(ROW_EXPORT))?;
            let report = &ended.finished.report;
            if !report.is_success() {
                return Err(failure::stopped(py, &Bound::new(py, ended.report())?));
            }
            if let [Value::I32(address)] = report.values[..] {
                row = Some(address.cast_unsigned().into());
            }
        }
        Ok(Guest { instance, row })
    }
}

impl Budget {
    fn apply(&self, call: Call, rows: usize) -> Call {
        let limits = match (&self.of_batch, self.row_fuel) {
            (None, None) => return call,
            (of_batch, _) => of_batch.as_ref().unwrap_or(&self.of_sandbox).clone(),
        };
        let Some(row_fuel) = self.row_fuel else {
            return call.limits(limits);
        };
        let rows = u64::try_from(rows).unwrap_or(u64::MAX);
        let fuel = row_fuel.saturating_mul(rows).saturating_add(BATCH_FUEL);
        let fuel = fuel.min(limits.fuel);
        call.limits(limits.fuel(fuel))
    }
}

/// What the guest says of the row that it is at.
fn row_of(execution: &Execution, address: Option<u64>) -> Option<usize> {
    let bytes = execution.memory_range(address?, 4).ok()?;
    let row = u32::from_le_bytes(bytes.try_into().ok()?);
    usize::try_from(row).ok()
}

/// What a batch may use beside what its rows may. One of a single row was measured to take 395,000 fuel in a guest in Rust,
/// of which a growth of memory is 51,000, and 67,000 in C; this leaves room for more columns. It is some 60 us.
const BATCH_FUEL: u64 = 2_000_000;
