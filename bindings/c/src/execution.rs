//! A call in progress.

use crate::{
    alone::Alone,
    boundary::{Context, In, Out},
    error::Problem,
    guard::{guard, guard_error},
    handle::{self, Handle, Reserved},
    instance::{self, Living},
    output,
    status::{Failure, Status},
    usage::{self, nanos},
};
use fuelbox::{CancelToken, Execution, Finished, Halt, Report, Slice, Step, Wait};
use std::time::Duration;

/// `fuelbox_execution`.
pub(crate) struct Stepped {
    pub(crate) execution: Execution,
    /// Why the last function of a request failed that did.
    pub(crate) halt: Option<Halt>,
}

impl Stepped {
    pub(crate) fn new(execution: Execution) -> Alone<Self> {
        Alone::new(Self {
            execution,
            halt: None,
        })
    }
}

/// Uses an execution.
pub(crate) fn using<R>(
    execution: Handle<Alone<Stepped>>,
    using: impl FnOnce(&mut Stepped) -> Result<R, Failure>,
) -> Result<R, Failure> {
    handle::with_mut(execution, |stepped| using(stepped.get()))
}

/// Writes what `tell` says of an execution.
fn tell<T: Copy>(
    execution: Handle<Alone<Stepped>>,
    out: &Out<T>,
    tell: impl FnOnce(&mut Execution) -> Result<T, Status>,
) -> Status {
    guard(|| {
        out.required()?;
        using(execution, |stepped| {
            out.set(tell(&mut stepped.execution)?);
            Ok(())
        })
    })
}

/// The number of a step.
pub(crate) fn number(step: Step) -> i32 {
    match step {
        Step::Waiting(Wait::Time) => 1,
        Step::Waiting(Wait::Host) => 3,
        // Whatever else it may be one day: step it again soon.
        Step::Waiting(_) => 2,
        Step::Done => 4,
        _ => 0,
    }
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_execution_step(
    execution: Handle<Alone<Stepped>>,
    fuel: u64,
    nanos: u64,
    step: Out<i32>,
) -> Status {
    tell(execution, &step, |execution| {
        let slice = Slice::fuel(fuel).within(Duration::from_nanos(nanos));
        Ok(number(execution.step(slice)))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_execution_wake_at(
    execution: Handle<Alone<Stepped>>,
    at: Out<u64>,
) -> Status {
    tell(execution, &at, |execution| {
        execution.wake_at().map(nanos).ok_or(Status::NOT_FOUND)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_execution_sleep(execution: Handle<Alone<Stepped>>) -> Status {
    guard(|| {
        using(execution, |stepped| {
            stepped.execution.sleep();
            Ok(())
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_execution_is_over(
    execution: Handle<Alone<Stepped>>,
    over: Out<i32>,
) -> Status {
    tell(execution, &over, |execution| {
        Ok(i32::from(execution.is_over()))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_execution_output(
    execution: Handle<Alone<Stepped>>,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| {
        using(execution, |stepped| {
            output::fill((&buf, cap, &len), stepped.execution.output())
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_execution_stderr(
    execution: Handle<Alone<Stepped>>,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| {
        using(execution, |stepped| {
            output::fill((&buf, cap, &len), stepped.execution.stderr())
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_execution_usage(
    execution: Handle<Alone<Stepped>>,
    name: In<u8>,
    name_len: usize,
    value: Out<u64>,
) -> Status {
    tell(execution, &value, |execution| {
        usage::field(&execution.usage(), name.text(name_len)?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_execution_cancel_token(
    execution: Handle<Alone<Stepped>>,
    token: Out<Handle<CancelToken>>,
) -> Status {
    tell(execution, &token, |execution| {
        handle::new(execution.cancel_token())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_execution_context(
    execution: Handle<Alone<Stepped>>,
    context: Out<Context>,
) -> Status {
    tell(execution, &context, |execution| {
        let request = execution.request().ok_or(Status::NOTHING_ASKED)?;
        Ok(request.get().copied().unwrap_or(Context::NULL))
    })
}

/// Where what a call leaves goes to: handles for it there are before the guest runs to its end.
pub(crate) struct Leavings<'a> {
    report: (&'a Out<Handle<Report>>, Reserved),
    instance: Option<(&'a Out<Handle<Living>>, Reserved)>,
}

impl<'a> Leavings<'a> {
    /// Of an `instance` nothing is kept where the caller wants none.
    pub(crate) fn new(
        report: &'a Out<Handle<Report>>,
        instance: &'a Out<Handle<Living>>,
    ) -> Result<Self, Status> {
        report.required()?;
        let reserve = |out| Ok::<_, Status>((out, handle::reserve()?));
        Ok(Self {
            report: (report, handle::reserve()?),
            instance: (!instance.is_null())
                .then_some(instance)
                .map(reserve)
                .transpose()?,
        })
    }

    pub(crate) fn hand_out(self, finished: Finished) {
        let (report, place) = self.report;
        report.set(place.fill(finished.report));
        if let Some((out, place)) = self.instance {
            let lives = finished.instance.map(instance::living);
            out.set(lives.map_or(Handle::NULL, |lives| place.fill(lives)));
        }
    }
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_execution_finish(
    execution: Handle<Alone<Stepped>>,
    report: Out<Handle<Report>>,
    instance: Out<Handle<Living>>,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || {
        let leavings = Leavings::new(&report, &instance)?;
        let stepped = handle::open_mut(execution)?.take().into_inner();
        leavings.hand_out(stepped.execution.finish());
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_execution_free(execution: Handle<Alone<Stepped>>) -> Status {
    guard(|| Ok(handle::free(execution)?))
}
