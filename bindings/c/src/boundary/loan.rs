//! The caller that a callback is handed, for as long as the callback runs.

use crate::{
    caller::CallerState,
    handle::Handle,
    status::{Failure, Status},
};
use std::{
    cell::RefCell,
    mem,
    ptr::NonNull,
    sync::atomic::{AtomicUsize, Ordering},
};

thread_local! {
    /// The callers of the callbacks that this thread is in, the innermost last.
    static CALLERS: RefCell<Vec<Lent>> = const { RefCell::new(Vec::new()) };
}

/// A caller that a callback was handed.
struct Lent {
    id: usize,
    /// Absent while a function uses it.
    state: Option<NonNull<CallerState<'static, 'static>>>,
}

/// Ends the loan of the innermost caller, however the callback ends.
struct Loan;

impl Drop for Loan {
    fn drop(&mut self) {
        CALLERS.with_borrow_mut(Vec::pop);
    }
}

/// Runs a callback that may use `state` by a handle, on this thread and until it returns.
pub(crate) fn lend_caller<R>(
    state: &mut CallerState<'_, '_>,
    callback: impl FnOnce(Handle<CallerState<'static, 'static>>) -> R,
) -> R {
    static NEXT: AtomicUsize = AtomicUsize::new(1);

    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    let state = Some(NonNull::from(state).cast());
    CALLERS.with_borrow_mut(|callers| callers.push(Lent { id, state }));
    let _loan = Loan;
    callback(Handle::from_number(id))
}

/// Uses the caller behind a handle, if this thread is in its callback.
pub(crate) fn with_caller<R>(
    handle: Handle<CallerState<'static, 'static>>,
    using: impl FnOnce(&mut CallerState<'_, '_>) -> Result<R, Failure>,
) -> Result<R, Failure> {
    if handle.is_null() {
        return Err(Status::NULL.into());
    }
    let id = handle.number();
    let lent = |put: Option<NonNull<_>>| {
        CALLERS.with_borrow_mut(|callers| {
            let lent = callers.iter_mut().rev().find(|lent| lent.id == id)?;
            Some(mem::replace(&mut lent.state, put))
        })
    };
    let state = lent(None).ok_or(Status::STALE_HANDLE)?;
    let mut pointer = state.ok_or(Status::BUSY)?;
    // SAFETY: it comes from the exclusive reference in `lend_caller`, which is not used until the callback returns,
    // and the loan ends before that. It was taken out of the list, so that no other reference is made of it
    // meanwhile. `using` takes any lifetimes, so that nothing of it can be kept.
    let used = using(unsafe { pointer.as_mut() });
    lent(Some(pointer));
    used
}
