//! Guests that live.

use super::{Calls, Step, host, known::Kind, setting};
use crate::{
    boundary::{In, Out, RawValue},
    handle::Handle,
    instance::{
        fuelbox_instance_call, fuelbox_instance_global, fuelbox_instance_initialization,
        fuelbox_instance_is_alive, fuelbox_instance_memory_read, fuelbox_instance_memory_write,
        fuelbox_instance_module, fuelbox_instance_run, fuelbox_instance_snapshot,
        fuelbox_instance_start,
    },
    recording::fuelbox_instance_recording,
};
use fuelbox::Value;

pub(super) const STEPS: &[Step] = &[
    call_instance,
    call_instance,
    use_instance,
    from_instance,
    start_instance,
];

fn call_instance(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Instance);
    if calls.bytes.flag() {
        let call = calls.pick_if_any(Kind::Call);
        let mut report = Handle::NULL;
        let status = calls.with_error(|error| {
            fuelbox_instance_run(picked.handle, call.handle, Out::to(&mut report), error)
        });
        host::over();
        calls.made(status, &[picked.status, call.status], Kind::Report, report);
        return;
    }
    let name = setting::export(calls);
    let args = setting::values(calls);
    let is_readable = args.iter().all(|arg| arg.read().is_ok()) && str::from_utf8(name).is_ok();
    let mut results = vec![RawValue::new(&Value::I32(7)); usize::from(calls.bytes.byte() % 7)];
    let status = calls.with_error(|error| {
        let (name, name_len) = (In::of(name), name.len());
        let (args, args_len) = (In::of(&args), args.len());
        let results_len = results.len();
        let out = Out::of(&mut results);
        fuelbox_instance_call(
            picked.handle,
            name,
            name_len,
            args,
            args_len,
            out,
            results_len,
            error,
        )
    });
    host::over();
    // What is read before the handle is opened.
    let opened: &[_] = if is_readable { &[picked.status] } else { &[] };
    let untouched = |value: &RawValue| matches!(value.read(), Ok(Value::I32(7)));
    assert!(calls.did(status, opened) || results.iter().all(untouched));
}

fn use_instance(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Instance);
    let instance = picked.handle;
    let (mut flag, mut value, mut bytes) = (7, RawValue::new(&Value::I32(7)), [0; 16]);
    let at = calls.bytes.number();
    let status = match calls.bytes.byte() % 4 {
        0 => fuelbox_instance_is_alive(instance, Out::to(&mut flag)),
        1 => fuelbox_instance_memory_read(instance, at, Out::of(&mut bytes), 16),
        2 => fuelbox_instance_memory_write(instance, at, In::of(&bytes), 16),
        _ => fuelbox_instance_global(instance, In::of(b"count"), 5, Out::to(&mut value)),
    };
    calls.did(status, &[picked.status]);
}

fn from_instance(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Instance);
    let instance = picked.handle;
    let opened = [picked.status];
    match calls.bytes.byte() % 4 {
        0 => {
            let mut made = Handle::NULL;
            let status = fuelbox_instance_module(instance, Out::to(&mut made));
            calls.made(status, &opened, Kind::Module, made);
        }
        1 => {
            let mut made = Handle::NULL;
            let status = fuelbox_instance_initialization(instance, Out::to(&mut made));
            calls.made(status, &opened, Kind::Report, made);
        }
        2 => {
            let mut made = Handle::NULL;
            let status = fuelbox_instance_recording(instance, Out::to(&mut made));
            calls.made(status, &opened, Kind::Recording, made);
        }
        _ => {
            let mut made = Handle::NULL;
            let status = calls
                .with_error(|error| fuelbox_instance_snapshot(instance, Out::to(&mut made), error));
            calls.made(status, &opened, Kind::Module, made);
        }
    }
}

fn start_instance(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Instance);
    let call = calls.pick_if_any(Kind::Call);
    let mut made = Handle::NULL;
    let status = calls.with_error(|error| {
        fuelbox_instance_start(picked.handle, call.handle, Out::to(&mut made), error)
    });
    if calls.made(status, &[call.status, picked.status], Kind::Execution, made) {
        calls.known.end(picked.handle.number());
    }
}
