//! The interpreter: one of a process, and its end while daemon threads still run guests.
//!
//! A thread that goes back to an interpreter which is at its end is taken down in the middle of its native frames, and
//! before Python 3.14 that takes the process down with it. So at the end threads that run guests do not go back at once:
//! they stay where they are, and the process is gone meanwhile.

use pyo3::{exceptions::PyImportError, marker::Ungil, prelude::*};
use std::{
    cell::Cell,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::Duration,
};

/// Whether the interpreter is about to end.
static CLOSING: AtomicBool = AtomicBool::new(false);

/// Threads that are on their way to the interpreter, or in a function of Python that a guest has called.
static ON_THEIR_WAY: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// Whether this thread may use the interpreter to the last: it is the one that ends it, or it has stayed once.
    static MAY_GO: Cell<bool> = const { Cell::new(false) };
}

/// Refuses any interpreter of a process but the first: what is kept for the process, such as classes of exceptions, is
/// of that one.
///
/// # Errors
/// `ImportError`.
pub(crate) fn must_be_the_first(py: Python<'_>) -> PyResult<()> {
    static FIRST: AtomicUsize = AtomicUsize::new(0);

    // Each interpreter has a module `sys` of its own, which lives as long.
    let this = PyModule::import(py, "sys")?.as_ptr().addr();
    match FIRST.compare_exchange(0, this, Ordering::SeqCst, Ordering::SeqCst) {
        Err(first) if first != this => Err(PyImportError::new_err(
            "fuelbox does not work in subinterpreters: use threads, which guests run in side by side, or processes",
        )),
        _ => Ok(()),
    }
}

/// How often and how long the end waits for threads that are on their way: a second in all, since a function of Python
/// may never return.
const WAITS: u32 = 1_000;
const WAIT: Duration = Duration::from_millis(1);

/// How long a thread stays. Not for ever: a function that was registered with `atexit` before this package, and so runs
/// later, may wait for the thread.
const STAY: Duration = Duration::from_secs(3);

/// Runs without the interpreter lock what may take long.
pub(crate) fn detached<T: Ungil + Send>(
    py: Python<'_>,
    run: impl FnOnce() -> T + Ungil + Send,
) -> T {
    let (result, _on_the_way) = py.detach(|| (run(), OnTheWay::new()));
    result
}

/// A way to the interpreter, from a guest.
pub(crate) struct OnTheWay(());

impl OnTheWay {
    /// Stays where the interpreter is about to end.
    pub(crate) fn new() -> Self {
        ON_THEIR_WAY.fetch_add(1, Ordering::SeqCst);
        let way = Self(());
        if !CLOSING.load(Ordering::SeqCst) || MAY_GO.get() {
            return way;
        }
        drop(way);
        thread::sleep(STAY);
        MAY_GO.set(true);
        Self::new()
    }
}

impl Drop for OnTheWay {
    fn drop(&mut self) {
        // After a fork there are fewer threads than were counted.
        let fewer = |count: usize| Some(count.saturating_sub(1));
        let _ = ON_THEIR_WAY.fetch_update(Ordering::SeqCst, Ordering::SeqCst, fewer);
    }
}

/// Called when the interpreter is about to end: waits for threads that are on their way to it, and lets no other go.
#[pyfunction]
pub(crate) fn close(py: Python<'_>) {
    MAY_GO.set(true);
    CLOSING.store(true, Ordering::SeqCst);
    for _ in 0..WAITS {
        if ON_THEIR_WAY.load(Ordering::SeqCst) == 0 {
            return;
        }
        py.detach(|| thread::sleep(WAIT));
    }
}

/// Called in the child of a fork, which has no other threads.
#[pyfunction]
pub(crate) fn forked() {
    ON_THEIR_WAY.store(0, Ordering::SeqCst);
}
