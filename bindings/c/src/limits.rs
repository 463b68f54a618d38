//! What a guest may use.

use crate::{
    boundary::{In, Out},
    error::Problem,
    guard::{guard, guard_error},
    handle::{self, Handle},
    json, output,
    status::{Failure, Status},
    usage::nanos,
};
use fuelbox::{GrowthDenial, Limits};
use std::time::Duration;

/// Sets the limit called `name`.
fn set(limits: Limits, name: &str, value: u64) -> Result<Limits, Status> {
    // Beyond 584 years it is never reached, so that the largest number is no limit.
    let time = Duration::from_nanos(value);
    Ok(match name {
        "fuel" => limits.fuel(value),
        "deadline" => limits.deadline(time),
        "wait" => limits.wait(time),
        "wait_counts" => limits.wait_counts(flag(value)?),
        "memory_bytes" => limits.memory_bytes(value),
        "growth_denial" if flag(value)? => limits.growth_denial(GrowthDenial::Refuse),
        "growth_denial" => limits.growth_denial(GrowthDenial::Stop),
        "table_elements" => limits.table_elements(value),
        "input_bytes" => limits.input_bytes(value),
        "output_bytes" => limits.output_bytes(value),
        "stderr_bytes" => limits.stderr_bytes(value),
        "log_bytes" => limits.log_bytes(value),
        "log_lines" => limits.log_lines(value),
        "log_line_bytes" => limits.log_line_bytes(value),
        _ => return Err(Status::UNKNOWN_NAME),
    })
}

/// The limit called `name`.
fn get(limits: &Limits, name: &str) -> Result<u64, Status> {
    let (call, instance) = (&limits.call, &limits.instance);
    Ok(match name {
        "fuel" => call.fuel,
        "deadline" => nanos(call.deadline),
        "wait" => nanos(call.wait),
        "wait_counts" => u64::from(call.wait_counts),
        "memory_bytes" => instance.memory_bytes,
        "growth_denial" => u64::from(instance.growth_denial == GrowthDenial::Refuse),
        "table_elements" => instance.table_elements,
        "input_bytes" => call.input_bytes,
        "output_bytes" => call.output_bytes,
        "stderr_bytes" => call.stderr_bytes,
        "log_bytes" => call.log_bytes,
        "log_lines" => call.log_lines,
        "log_line_bytes" => call.log_line_bytes,
        _ => return Err(Status::UNKNOWN_NAME),
    })
}

fn flag(value: u64) -> Result<bool, Status> {
    match value {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Status::INVALID_ARGUMENT),
    }
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_limits_new(limits: Out<Handle<Limits>>) -> Status {
    guard(|| {
        limits.required()?;
        limits.set(handle::new(Limits::default())?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_limits_set(
    limits: Handle<Limits>,
    name: In<u8>,
    name_len: usize,
    value: u64,
) -> Status {
    guard(|| {
        let mut limits = handle::open_mut(limits)?;
        *limits = set(limits.clone(), name.text(name_len)?, value)?;
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_limits_get(
    limits: Handle<Limits>,
    name: In<u8>,
    name_len: usize,
    value: Out<u64>,
) -> Status {
    guard(|| {
        value.required()?;
        value.set(get(&*handle::open(limits)?, name.text(name_len)?)?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_limits_from_json(
    json: In<u8>,
    json_len: usize,
    limits: Out<Handle<Limits>>,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || {
        limits.required()?;
        let read: Limits = serde_json::from_str(json.text(json_len)?)
            .map_err(|error| Failure::text(Status::INVALID_ARGUMENT, error.to_string()))?;
        limits.set(handle::new(read)?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_limits_json(
    limits: Handle<Limits>,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| {
        let text = json::text(&*handle::open(limits)?)?;
        output::text((&buf, cap, &len), &text)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_limits_free(limits: Handle<Limits>) -> Status {
    guard(|| Ok(handle::free(limits)?))
}
