//! Limits and grants together, and what they run.

use crate::{
    alone::Alone,
    boundary::{Context, In, Out, RawClock, RawDrop, UserData},
    call::{CallSetting, call},
    clock::clock,
    error::Problem,
    execution::Stepped,
    guard::{guard, guard_error},
    handle::{self, Handle},
    instance::{self, Living},
    json, output,
    status::Status,
};
use fuelbox::{Error, ImportCheck, Limits, Module, Report, Sandbox};
use serde::Serialize;

/// The limits behind a handle; without one the defaults.
fn limits(limits: Handle<Limits>) -> Result<Limits, Status> {
    let limits = handle::open_if_any(limits)?;
    Ok(limits.map_or_else(Limits::default, |limits| limits.clone()))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_new(
    given: Handle<Limits>,
    sandbox: Out<Handle<Sandbox>>,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || {
        sandbox.required()?;
        sandbox.set(handle::new(Sandbox::new(limits(given)?))?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_new_with_clock(
    given: Handle<Limits>,
    source: RawClock,
    user_data: Context,
    drop: RawDrop,
    sandbox: Out<Handle<Sandbox>>,
    error: Out<Handle<Problem>>,
) -> Status {
    let data = UserData::new(user_data, drop);
    guard_error(&error, || {
        sandbox.required()?;
        let clock = clock(source, data)?;
        sandbox.set(handle::new(Sandbox::with_clock(limits(given)?, clock))?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_clone(
    sandbox: Handle<Sandbox>,
    clone: Out<Handle<Sandbox>>,
) -> Status {
    guard(|| {
        clone.required()?;
        let sandbox = handle::open(sandbox)?.clone();
        clone.set(handle::new(sandbox)?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_limits(
    sandbox: Handle<Sandbox>,
    limits: Out<Handle<Limits>>,
) -> Status {
    guard(|| {
        limits.required()?;
        let found = handle::open(sandbox)?.limits().clone();
        limits.set(handle::new(found)?);
        Ok(())
    })
}

/// What would keep a call from running, as JSON.
#[derive(Serialize)]
struct Document<'a> {
    would_run: bool,
    imports: &'a [ImportCheck],
    refusals: Vec<Refusal<'a>>,
}

#[derive(Serialize)]
struct Refusal<'a> {
    code: &'a str,
    message: String,
    error: &'a Error,
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_check(
    sandbox: Handle<Sandbox>,
    module: Handle<Module>,
    called: Handle<CallSetting>,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| {
        let (sandbox, module) = (handle::open(sandbox)?, handle::open(module)?);
        let preflight = sandbox.check_call(&module, &call(called)?);
        let refusals = preflight.refusals.iter().map(|error| Refusal {
            code: error.code(),
            message: error.to_string(),
            error,
        });
        let document = Document {
            would_run: preflight.would_run(),
            imports: &preflight.imports,
            refusals: refusals.collect(),
        };
        output::text((&buf, cap, &len), &json::text(&document)?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_run(
    sandbox: Handle<Sandbox>,
    module: Handle<Module>,
    called: Handle<CallSetting>,
    report: Out<Handle<Report>>,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || {
        report.required()?;
        let (sandbox, module) = (handle::open(sandbox)?, handle::open(module)?);
        let place = handle::reserve()?;
        report.set(place.fill(sandbox.run(&module, call(called)?)?));
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_run_input(
    sandbox: Handle<Sandbox>,
    module: Handle<Module>,
    input: In<u8>,
    input_len: usize,
    report: Out<Handle<Report>>,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || {
        report.required()?;
        let (sandbox, module) = (handle::open(sandbox)?, handle::open(module)?);
        let place = handle::reserve()?;
        report.set(place.fill(sandbox.run(&module, input.slice(input_len)?)?));
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_start(
    sandbox: Handle<Sandbox>,
    module: Handle<Module>,
    called: Handle<CallSetting>,
    execution: Out<Handle<Alone<Stepped>>>,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || {
        execution.required()?;
        let (sandbox, module) = (handle::open(sandbox)?, handle::open(module)?);
        let place = handle::reserve()?;
        let started = sandbox.start(&module, call(called)?)?;
        execution.set(place.fill(Stepped::new(started)));
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_instantiate(
    sandbox: Handle<Sandbox>,
    module: Handle<Module>,
    instance: Out<Handle<Living>>,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || {
        instance.required()?;
        let (sandbox, module) = (handle::open(sandbox)?, handle::open(module)?);
        let place = handle::reserve()?;
        instance.set(place.fill(instance::living(sandbox.instantiate(&module)?)));
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_sandbox_free(sandbox: Handle<Sandbox>) -> Status {
    guard(|| Ok(handle::free(sandbox)?))
}
