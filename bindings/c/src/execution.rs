//! A call in progress.

use crate::{
    alone::Alone,
    boundary::{Context, In, Out},
    error::Problem,
    guard::{guard, guard_error},
    handle::{self, Handle},
    instance::{self, Living},
    output,
    report::new_report,
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

pub(crate) fn new_execution(execution: Execution) -> Result<Handle<Alone<Stepped>>, Status> {
    handle::new(Alone::new(Stepped {
        execution,
        halt: None,
    }))
}

/// Uses an execution.
pub(crate) fn using<R>(
    execution: Handle<Alone<Stepped>>,
    using: impl FnOnce(&mut Stepped) -> Result<R, Failure>,
) -> Result<R, Failure> {
    using(handle::open_mut(execution)?.get())
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
extern "C" fn fuelbox_execution_step(
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
extern "C" fn fuelbox_execution_wake_at(execution: Handle<Alone<Stepped>>, at: Out<u64>) -> Status {
    tell(execution, &at, |execution| {
        execution.wake_at().map(nanos).ok_or(Status::NOT_FOUND)
    })
}

#[unsafe(no_mangle)]
extern "C" fn fuelbox_execution_sleep(execution: Handle<Alone<Stepped>>) -> Status {
    guard(|| {
        using(execution, |stepped| {
            stepped.execution.sleep();
            Ok(())
        })
    })
}

#[unsafe(no_mangle)]
extern "C" fn fuelbox_execution_is_over(
    execution: Handle<Alone<Stepped>>,
    over: Out<i32>,
) -> Status {
    tell(execution, &over, |execution| {
        Ok(i32::from(execution.is_over()))
    })
}

#[unsafe(no_mangle)]
extern "C" fn fuelbox_execution_output(
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
extern "C" fn fuelbox_execution_stderr(
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
extern "C" fn fuelbox_execution_usage(
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
extern "C" fn fuelbox_execution_cancel_token(
    execution: Handle<Alone<Stepped>>,
    token: Out<Handle<CancelToken>>,
) -> Status {
    tell(execution, &token, |execution| {
        handle::new(execution.cancel_token())
    })
}

#[unsafe(no_mangle)]
extern "C" fn fuelbox_execution_context(
    execution: Handle<Alone<Stepped>>,
    context: Out<Context>,
) -> Status {
    tell(execution, &context, |execution| {
        let request = execution.request().ok_or(Status::NOTHING_ASKED)?;
        Ok(request.get().copied().unwrap_or(Context::NULL))
    })
}

/// Hands out what a call leaves.
pub(crate) fn hand_out(
    finished: Finished,
    report: &Out<Handle<Report>>,
    instance: &Out<Handle<Living>>,
) -> Result<(), Failure> {
    let told = new_report(finished.report)?;
    let lives = match finished.instance {
        Some(lives) if !instance.is_null() => match instance::new_instance(lives) {
            Ok(lives) => lives,
            Err(status) => {
                handle::free(told)?;
                return Err(status.into());
            }
        },
        _ => Handle::NULL,
    };
    report.set(told);
    instance.set(lives);
    Ok(())
}

#[unsafe(no_mangle)]
extern "C" fn fuelbox_execution_finish(
    execution: Handle<Alone<Stepped>>,
    report: Out<Handle<Report>>,
    instance: Out<Handle<Living>>,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || {
        report.required()?;
        let stepped = handle::open_mut(execution)?.take().into_inner();
        hand_out(stepped.execution.finish(), &report, &instance)
    })
}

#[unsafe(no_mangle)]
extern "C" fn fuelbox_execution_free(execution: Handle<Alone<Stepped>>) -> Status {
    guard(|| Ok(handle::free(execution)?))
}
