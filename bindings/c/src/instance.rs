//! A guest that lives.

use crate::{
    alone::Alone,
    boundary::{In, Out, RawValue},
    call::{CallSetting, call},
    error::Problem,
    execution::Stepped,
    guard::{guard, guard_error},
    handle::{self, Handle},
    status::{Failure, Status},
    value,
};
use fuelbox::{Instance, Module, OutOfBounds, Report};

/// `fuelbox_instance`: absent while a call takes it away.
pub(crate) type Living = Alone<Option<Instance>>;

pub(crate) fn living(instance: Instance) -> Living {
    Alone::new(Some(instance))
}

/// Uses an instance.
pub(crate) fn using<R>(
    instance: Handle<Living>,
    using: impl FnOnce(&mut Instance) -> Result<R, Failure>,
) -> Result<R, Failure> {
    handle::with_mut(instance, |living| {
        using(living.get().as_mut().ok_or(Status::STALE_HANDLE)?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_instance_run(
    instance: Handle<Living>,
    called: Handle<CallSetting>,
    report: Out<Handle<Report>>,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || {
        report.required()?;
        let place = handle::reserve()?;
        let found = using(instance, |instance| Ok(instance.run(call(called)?)?))?;
        report.set(place.fill(found));
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_instance_call(
    instance: Handle<Living>,
    name: In<u8>,
    name_len: usize,
    args: In<RawValue>,
    args_len: usize,
    results: Out<RawValue>,
    results_len: usize,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || {
        if results_len > 0 {
            results.required()?;
        }
        let name = name.text(name_len)?;
        value::with_values(args.slice(args_len)?, |args| {
            using(instance, |instance| {
                value::with_room(results_len, |returned| {
                    instance.call_values(name, args, returned)?;
                    Ok(results.write(returned)?)
                })
            })
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_instance_start(
    instance: Handle<Living>,
    called: Handle<CallSetting>,
    execution: Out<Handle<Alone<Stepped>>>,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || {
        execution.required()?;
        let call = call(called)?;
        let place = handle::reserve()?;
        let mut living = handle::open_mut(instance)?;
        let taken = living.get().take();
        let taken = taken.ok_or(Status::STALE_HANDLE)?;
        match taken.start(call) {
            Ok(started) => {
                drop(living.take());
                execution.set(place.fill(Stepped::new(started)));
                Ok(())
            }
            Err(refused) => {
                *living.get() = Some(refused.instance);
                Err(refused.error.into())
            }
        }
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_instance_is_alive(
    instance: Handle<Living>,
    alive: Out<i32>,
) -> Status {
    guard(|| {
        alive.required()?;
        using(instance, |instance| {
            alive.set(i32::from(instance.is_alive()));
            Ok(())
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_instance_module(
    instance: Handle<Living>,
    module: Out<Handle<Module>>,
) -> Status {
    guard(|| {
        module.required()?;
        let found = using(instance, |instance| Ok(instance.module().clone()))?;
        module.set(handle::new(found)?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_instance_initialization(
    instance: Handle<Living>,
    report: Out<Handle<Report>>,
) -> Status {
    guard(|| {
        report.required()?;
        let found = using(instance, |instance| {
            let found = instance.initialization().cloned();
            Ok(found.ok_or(Status::NOT_FOUND)?)
        })?;
        report.set(handle::new(found)?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_instance_memory_size(
    instance: Handle<Living>,
    bytes: Out<u64>,
) -> Status {
    guard(|| {
        bytes.required()?;
        using(instance, |instance| {
            bytes.set(instance.memory().size());
            Ok(())
        })
    })
}

fn outside(error: OutOfBounds) -> Failure {
    Failure::text(Status::OUT_OF_BOUNDS, error.to_string())
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_instance_memory_read(
    instance: Handle<Living>,
    ptr: u64,
    buf: Out<u8>,
    len: usize,
) -> Status {
    guard(|| {
        using(instance, |instance| {
            let memory = instance.memory();
            let len = u64::try_from(len).unwrap_or(u64::MAX);
            Ok(buf.copy(memory.read(ptr, len).map_err(outside)?)?)
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_instance_memory_write(
    instance: Handle<Living>,
    ptr: u64,
    bytes: In<u8>,
    len: usize,
) -> Status {
    guard(|| {
        let bytes = bytes.slice(len)?;
        using(instance, |instance| {
            instance.memory().write(ptr, bytes).map_err(outside)
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_instance_global(
    instance: Handle<Living>,
    name: In<u8>,
    name_len: usize,
    value: Out<RawValue>,
) -> Status {
    guard(|| {
        value.required()?;
        let name = name.text(name_len)?;
        using(instance, |instance| {
            let found = instance.global(name).ok_or(Status::NOT_FOUND)?;
            value.set(RawValue::new(&found));
            Ok(())
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_instance_snapshot(
    instance: Handle<Living>,
    module: Out<Handle<Module>>,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || {
        module.required()?;
        let written = using(instance, |instance| Ok(instance.snapshot()?))?;
        module.set(handle::new(written)?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_instance_free(instance: Handle<Living>) -> Status {
    guard(|| Ok(handle::free(instance)?))
}
