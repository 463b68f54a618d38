//! What is around every exported function: a panic does not cross into C.

use crate::{
    boundary::Out,
    error::Problem,
    handle::{self, Handle},
    status::{Failure, Status},
};
use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// Runs the body of an exported function.
pub(crate) fn guard(body: impl FnOnce() -> Result<(), Failure>) -> Status {
    match catch(body) {
        Ok(()) => Status::OK,
        Err(failure) => failure.status(),
    }
}

/// The same for a function that hands out an error, which is null where there is none.
pub(crate) fn guard_error(
    error: &Out<Handle<Problem>>,
    body: impl FnOnce() -> Result<(), Failure>,
) -> Status {
    match catch(body) {
        Ok(()) => {
            error.set(Handle::NULL);
            Status::OK
        }
        Err(failure) => {
            let status = failure.status();
            if !error.is_null() {
                // With no handle left the number has to do.
                let problem = Problem::new(failure);
                error.set(handle::new(problem).unwrap_or(Handle::NULL));
            }
            status
        }
    }
}

/// What was half changed by a panic is not used again: the locks of its handles are poisoned.
fn catch(body: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    catch_unwind(AssertUnwindSafe(body))
        .unwrap_or_else(|payload| Err(Failure::text(Status::PANIC, said(&*payload))))
}

fn said(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a panic without a message").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_status() {
        assert_eq!(guard(|| panic!("no {}", "way")), Status::PANIC);
        let failure = catch(|| panic!("no {}", "way")).expect_err("it panics");
        assert_eq!(Problem::new(failure).message(), "no way");
        assert_eq!(guard(|| Ok(())), Status::OK);
    }
}
