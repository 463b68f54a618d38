//! What a guest asks its host, and the answers.

use crate::{
    alone::Alone,
    boundary::{In, Out, RawValue},
    caller::{guest_len, remember},
    error::Problem,
    execution::{Stepped, using},
    guard::{guard, guard_error},
    handle::Handle,
    output,
    status::{Failure, Status},
    value,
};
use fuelbox::{Execution, HostError, Request};

/// What the guest asks.
fn request(execution: &mut Execution) -> Result<Request<'_>, Failure> {
    Ok(execution.request().ok_or(Status::NOTHING_ASKED)?)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_execution_request_module(
    execution: Handle<Alone<Stepped>>,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| {
        using(execution, |stepped| {
            let request = request(&mut stepped.execution)?;
            output::text((&buf, cap, &len), request.module())
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_execution_request_name(
    execution: Handle<Alone<Stepped>>,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| {
        using(execution, |stepped| {
            let request = request(&mut stepped.execution)?;
            output::text((&buf, cap, &len), request.name())
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_execution_request_args(
    execution: Handle<Alone<Stepped>>,
    buf: Out<RawValue>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| {
        using(execution, |stepped| {
            let request = request(&mut stepped.execution)?;
            output::fill((&buf, cap, &len), &value::write(request.args()))
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_execution_request_read(
    execution: Handle<Alone<Stepped>>,
    ptr: u32,
    buf: Out<u8>,
    len: usize,
) -> Status {
    guard(|| {
        if len > 0 {
            buf.required()?;
        }
        using(execution, |Stepped { execution, halt }| {
            let mut request = request(execution)?;
            let bytes = request.read(ptr, guest_len(len));
            Ok(buf.copy(remember(bytes, halt)?)?)
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_execution_request_write(
    execution: Handle<Alone<Stepped>>,
    ptr: u32,
    bytes: In<u8>,
    len: usize,
) -> Status {
    guard(|| {
        let bytes = bytes.slice(len)?;
        using(execution, |Stepped { execution, halt }| {
            remember(request(execution)?.write(ptr, bytes), halt)
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_execution_request_memory_size(
    execution: Handle<Alone<Stepped>>,
    bytes: Out<u64>,
) -> Status {
    guard(|| {
        bytes.required()?;
        using(execution, |stepped| {
            bytes.set(request(&mut stepped.execution)?.memory_size());
            Ok(())
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_execution_request_charge(
    execution: Handle<Alone<Stepped>>,
    fuel: u64,
) -> Status {
    guard(|| {
        using(execution, |Stepped { execution, halt }| {
            remember(request(execution)?.charge(fuel), halt)
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_execution_answer(
    execution: Handle<Alone<Stepped>>,
    results: In<RawValue>,
    results_len: usize,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || {
        let results = value::read(results.slice(results_len)?)?;
        using(execution, |stepped| {
            stepped.execution.answer_values(&results)?;
            stepped.halt = None;
            Ok(())
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_execution_fail(
    execution: Handle<Alone<Stepped>>,
    message: In<u8>,
    message_len: usize,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || {
        using(execution, |Stepped { execution, halt }| {
            let reason = if message.is_null() {
                HostError::from(halt.clone().ok_or(Status::INVALID_ARGUMENT)?)
            } else {
                HostError::message(message.text(message_len)?)
            };
            Ok(execution.fail(reason)?)
        })
    })
}
