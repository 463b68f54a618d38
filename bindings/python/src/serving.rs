//! Which sandbox's Python functions a guest on this thread calls.
//!
//! A guest runs on the thread that calls it. So the functions that it may call need not be in Rust's closures, where
//! Python's garbage collector would not see them: a closure has a number, and looks here for the sandbox whose guest
//! runs. Calls within calls are a stack.

use crate::sandbox::Sandbox;
use pyo3::{exceptions::PyRecursionError, prelude::*};
use std::cell::RefCell;

thread_local! {
    static RUNNING: RefCell<Vec<Running>> = const { RefCell::new(Vec::new()) };
}

/// So many guests are within one another at the most: each takes up to 10 KiB of the thread's native stack, 32 KiB in
/// a build without optimisation, and some systems give 512 KiB. A guest decides how deep it goes where a function of
/// the host calls guests.
const MOST_WITHIN: usize = 10;

/// A guest that runs on this thread.
struct Running {
    sandbox: Py<Sandbox>,
    /// What one of its functions raised.
    raised: Option<PyErr>,
}

/// While it lives, guests of a sandbox run on this thread.
pub(crate) struct Serving {
    /// Whether the sandbox has functions of Python at all.
    is_noted: bool,
}

impl Serving {
    /// Notes that a guest of `sandbox` runs from now on.
    pub(crate) fn new(py: Python<'_>, sandbox: &Py<Sandbox>) -> Self {
        let is_noted = !sandbox.get().functions.is_empty();
        if is_noted {
            let sandbox = sandbox.clone_ref(py);
            RUNNING.with_borrow_mut(|running| {
                running.push(Running {
                    sandbox,
                    raised: None,
                });
            });
        }
        Self { is_noted }
    }

    /// What a function raised meanwhile.
    pub(crate) fn raised(&self) -> Option<PyErr> {
        if !self.is_noted {
            return None;
        }
        RUNNING.with_borrow_mut(|running| running.last_mut()?.raised.take())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if self.is_noted {
            let last = RUNNING.with_borrow_mut(Vec::pop);
            // To drop it may run code of Python, so not while the stack is borrowed.
            drop(last);
        }
    }
}

/// Whether one more guest may begin on this thread.
///
/// # Errors
/// `RecursionError`.
pub(crate) fn has_room() -> PyResult<()> {
    if RUNNING.with_borrow(Vec::len) < MOST_WITHIN {
        return Ok(());
    }
    Err(PyRecursionError::new_err(format!(
        "a guest calls the host, which calls a guest, {MOST_WITHIN} times within one another"
    )))
}

/// The sandbox whose guest runs on this thread.
pub(crate) fn sandbox(py: Python<'_>) -> Option<Py<Sandbox>> {
    RUNNING.with_borrow(|running| Some(running.last()?.sandbox.clone_ref(py)))
}

/// Keeps what a function raised for whoever made the call.
pub(crate) fn raise(error: PyErr) {
    let before = RUNNING.with_borrow_mut(|running| running.last_mut()?.raised.replace(error));
    drop(before);
}
