//! Guests: modules, sandboxes, runs, instances, executions, pools and schedulers.

use super::{Calls, Step, buffer, host, known::Kind, setting};
use crate::{
    boundary::{In, Out, RawValue},
    execution::{
        fuelbox_execution_cancel_token, fuelbox_execution_finish, fuelbox_execution_is_over,
        fuelbox_execution_output, fuelbox_execution_step,
    },
    grants::{
        fuelbox_sandbox_grant_function, fuelbox_sandbox_grant_protocol,
        fuelbox_sandbox_grant_waiting, fuelbox_sandbox_record, fuelbox_sandbox_stub_unknown,
    },
    handle::Handle,
    instance::{
        fuelbox_instance_call, fuelbox_instance_global, fuelbox_instance_initialization,
        fuelbox_instance_is_alive, fuelbox_instance_memory_read, fuelbox_instance_memory_write,
        fuelbox_instance_module, fuelbox_instance_run, fuelbox_instance_snapshot,
        fuelbox_instance_start,
    },
    module::{
        fuelbox_module_clone, fuelbox_module_export_name, fuelbox_module_json, fuelbox_module_new,
        fuelbox_module_wasm,
    },
    pool::{fuelbox_pool_new, fuelbox_pool_refill, fuelbox_pool_refill_one, fuelbox_pool_take},
    recording::{fuelbox_execution_finish_recorded, fuelbox_instance_recording},
    request::{
        fuelbox_execution_answer, fuelbox_execution_fail, fuelbox_execution_request_name,
        fuelbox_execution_request_read,
    },
    sandbox::{
        fuelbox_sandbox_check, fuelbox_sandbox_clone, fuelbox_sandbox_instantiate,
        fuelbox_sandbox_limits, fuelbox_sandbox_new, fuelbox_sandbox_new_with_clock,
        fuelbox_sandbox_run, fuelbox_sandbox_run_input, fuelbox_sandbox_start,
    },
    scheduler::{
        fuelbox_scheduler_add, fuelbox_scheduler_asking, fuelbox_scheduler_finished,
        fuelbox_scheduler_new, fuelbox_scheduler_remove, fuelbox_scheduler_round,
    },
    status::Status,
};
use fuelbox::{Module, Sandbox, Value};
use std::sync::OnceLock;

pub(super) const STEPS: &[Step] = &[
    new_module,
    new_module,
    use_module,
    new_sandbox,
    new_sandbox,
    grant,
    use_sandbox,
    run,
    run,
    instantiate,
    instantiate,
    start,
    call_instance,
    call_instance,
    use_instance,
    from_instance,
    start_instance,
    step,
    step,
    use_execution,
    finish,
    new_pool,
    use_pool,
    new_scheduler,
    schedule,
    use_scheduler,
];

const GUESTS: u8 = 3;

/// The guests, as bytes.
fn guest(which: u8) -> &'static [u8] {
    static MODULES: [OnceLock<Module>; 3] = [const { OnceLock::new() }; 3];
    const TEXTS: [&str; 3] = [
        include_str!("../../../vectors/calls.wat"),
        include_str!("../../tests/guests/host.wat"),
        include_str!("../../tests/guests/asks.wat"),
    ];

    let which = usize::from(which) % TEXTS.len();
    let assemble = || Module::builder().snapshots(true).build_wat(TEXTS[which]);
    let module = MODULES[which].get_or_init(|| assemble().expect("it is valid"));
    module.wasm().expect("it was built for snapshots")
}

fn new_module(calls: &mut Calls<'_>) {
    let builder = calls.pick_if_any(Kind::Builder);
    let mut wasm = guest(calls.bytes.byte()).to_vec();
    if calls.bytes.byte().is_multiple_of(8) {
        let at = calls.bytes.below(wasm.len());
        wasm[at] ^= calls.bytes.byte();
    }
    let mut made = Handle::NULL;
    let status = calls.with_error(|error| {
        fuelbox_module_new(
            builder.handle,
            In::of(&wasm),
            wasm.len(),
            Out::to(&mut made),
            error,
        )
    });
    calls.made(status, &[builder.status], Kind::Module, made);
}

fn use_module(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Module);
    let module = picked.handle;
    let index = calls.bytes.below(8);
    let which = calls.bytes.byte() % 4;
    if which == 3 {
        let mut made = Handle::NULL;
        let status = fuelbox_module_clone(module, Out::to(&mut made));
        calls.made(status, &[picked.status], Kind::Module, made);
        return;
    }
    let status = buffer::filled(&mut calls.bytes, |buf, cap, len| match which {
        0 => fuelbox_module_json(module, buf, cap, len),
        1 => fuelbox_module_export_name(module, index, buf, cap, len),
        _ => fuelbox_module_wasm(module, buf, cap, len),
    });
    calls.did(status, &[picked.status]);
}

fn new_sandbox(calls: &mut Calls<'_>) {
    let limits = calls.pick(Kind::Limits);
    if limits.handle.is_null() {
        // With the limits of the default a guest would run for long.
        return;
    }
    let mut made = Handle::NULL;
    let status = if calls.bytes.flag() {
        calls.with_error(|error| fuelbox_sandbox_new(limits.handle, Out::to(&mut made), error))
    } else {
        let data = host::data();
        calls.with_error(|error| {
            let (clock, drop) = (Some(host::CLOCK), Some(host::DROPPED));
            fuelbox_sandbox_new_with_clock(
                limits.handle,
                clock,
                data,
                drop,
                Out::to(&mut made),
                error,
            )
        })
    };
    calls.made(status, &[limits.status], Kind::Sandbox, made);
}

/// What most calls need: guests that live, in a sandbox with all that they import.
pub(super) fn prelude(calls: &mut Calls<'_>) {
    setting::new_limits(calls);
    let limits = calls.known.last(Kind::Limits);
    let mut sandbox = Handle::NULL;
    let status = fuelbox_sandbox_new(limits, Out::to(&mut sandbox), Out::NULL);
    assert!(calls.made(status, &[], Kind::Sandbox, sandbox));
    for which in 0..GRANTS {
        let status = grant_one(sandbox, which, false);
        assert!(calls.did(status, &[]));
    }
    for which in 0..GUESTS {
        let (mut module, mut instance) = (Handle::NULL, Handle::NULL);
        let wasm = guest(which);
        let (wasm, len) = (In::of(wasm), wasm.len());
        let status = fuelbox_module_new(Handle::NULL, wasm, len, Out::to(&mut module), Out::NULL);
        assert!(calls.made(status, &[], Kind::Module, module));
        let out = Out::to(&mut instance);
        let status = fuelbox_sandbox_instantiate(sandbox, module, out, Out::NULL);
        assert!(calls.made(status, &[], Kind::Instance, instance));
    }
}

/// How many grants there are.
const GRANTS: u8 = 6;

fn grant(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Sandbox);
    let which = calls.bytes.byte() % GRANTS;
    let status = grant_one(picked.handle, which, calls.bytes.byte() == 0);
    calls.did(status, &[picked.status]);
}

/// Grants one thing; a function with a type that is none where it is to be wrong.
fn grant_one(sandbox: Handle<Sandbox>, which: u8, is_wrong: bool) -> Status {
    let types: [u32; 4] = [0, 0, 1, if is_wrong { 9 } else { 0 }];
    let pair = || In::of(&types[..2]);
    let i64 = || In::of(&types[2..]);
    let function = |name: &[u8], params_len, results| {
        let (name, len) = (In::of(name), name.len());
        let (called, drop) = (Some(host::FUNCTION), Some(host::DROPPED));
        let results_len = 1 + usize::from(is_wrong);
        fuelbox_sandbox_grant_function(
            sandbox,
            In::of(b"env"),
            3,
            name,
            len,
            pair(),
            params_len,
            results,
            results_len,
            called,
            host::data(),
            drop,
        )
    };
    match which {
        0 => fuelbox_sandbox_grant_protocol(sandbox),
        1 => fuelbox_sandbox_stub_unknown(sandbox),
        2 => fuelbox_sandbox_record(sandbox, 1_000),
        3 => {
            let (module, name) = (In::of(b"shop"), In::of(b"price"));
            fuelbox_sandbox_grant_waiting(sandbox, module, 4, name, 5, pair(), 2, i64(), 1)
        }
        4 => function(b"price", 1, i64()),
        _ => function(b"shout", 2, pair()),
    }
}

fn use_sandbox(calls: &mut Calls<'_>) {
    let sandbox = calls.pick(Kind::Sandbox);
    match calls.bytes.byte() % 3 {
        0 => {
            let mut made = Handle::NULL;
            let status = fuelbox_sandbox_clone(sandbox.handle, Out::to(&mut made));
            calls.made(status, &[sandbox.status], Kind::Sandbox, made);
        }
        1 => {
            let mut made = Handle::NULL;
            let status = fuelbox_sandbox_limits(sandbox.handle, Out::to(&mut made));
            calls.made(status, &[sandbox.status], Kind::Limits, made);
        }
        _ => {
            let (module, call) = (calls.pick(Kind::Module), calls.pick_if_any(Kind::Call));
            let status = buffer::filled(&mut calls.bytes, |buf, cap, len| {
                fuelbox_sandbox_check(sandbox.handle, module.handle, call.handle, buf, cap, len)
            });
            calls.did(status, &[sandbox.status, module.status, call.status]);
        }
    }
}

fn run(calls: &mut Calls<'_>) {
    let (sandbox, module) = (calls.pick(Kind::Sandbox), calls.pick(Kind::Module));
    let mut report = Handle::NULL;
    let mut opened = vec![sandbox.status, module.status];
    let status = if calls.bytes.flag() {
        let input = calls.bytes.take(16);
        calls.with_error(|error| {
            let out = Out::to(&mut report);
            let (input, len) = (In::of(input), input.len());
            fuelbox_sandbox_run_input(sandbox.handle, module.handle, input, len, out, error)
        })
    } else {
        let call = calls.pick_if_any(Kind::Call);
        opened.push(call.status);
        calls.with_error(|error| {
            let out = Out::to(&mut report);
            fuelbox_sandbox_run(sandbox.handle, module.handle, call.handle, out, error)
        })
    };
    host::over();
    calls.made(status, &opened, Kind::Report, report);
}

fn instantiate(calls: &mut Calls<'_>) {
    let (sandbox, module) = (calls.pick(Kind::Sandbox), calls.pick(Kind::Module));
    let mut made = Handle::NULL;
    let status = calls.with_error(|error| {
        fuelbox_sandbox_instantiate(sandbox.handle, module.handle, Out::to(&mut made), error)
    });
    calls.made(
        status,
        &[sandbox.status, module.status],
        Kind::Instance,
        made,
    );
}

fn start(calls: &mut Calls<'_>) {
    let (sandbox, module) = (calls.pick(Kind::Sandbox), calls.pick(Kind::Module));
    let call = calls.pick_if_any(Kind::Call);
    let mut made = Handle::NULL;
    let status = calls.with_error(|error| {
        let out = Out::to(&mut made);
        fuelbox_sandbox_start(sandbox.handle, module.handle, call.handle, out, error)
    });
    let opened = [sandbox.status, module.status, call.status];
    calls.made(status, &opened, Kind::Execution, made);
}

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

fn step(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Execution);
    let (fuel, mut step) = (calls.bytes.number(), 7);
    let status = fuelbox_execution_step(picked.handle, fuel, u64::MAX, Out::to(&mut step));
    host::over();
    assert_eq!(calls.did(status, &[picked.status]), (0..=4).contains(&step));
}

fn use_execution(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Execution);
    let execution = picked.handle;
    let opened = [picked.status];
    let (mut over, mut bytes) = (7, [0; 8]);
    let status = match calls.bytes.byte() % 7 {
        0 => fuelbox_execution_is_over(execution, Out::to(&mut over)),
        1 => buffer::filled(&mut calls.bytes, |buf, cap, len| {
            fuelbox_execution_output(execution, buf, cap, len)
        }),
        2 => buffer::filled(&mut calls.bytes, |buf, cap, len| {
            fuelbox_execution_request_name(execution, buf, cap, len)
        }),
        3 => {
            let at = u32::from(calls.bytes.byte()) << 9;
            fuelbox_execution_request_read(execution, at, Out::of(&mut bytes), 8)
        }
        4 => calls.with_error(|error| {
            let (reason, len) = (In::of(b"closed"), 6);
            fuelbox_execution_fail(execution, reason, len, error)
        }),
        5 => {
            let results = setting::values(calls);
            let is_readable = results.iter().all(|value| value.read().is_ok());
            let status = calls.with_error(|error| {
                fuelbox_execution_answer(execution, In::of(&results), results.len(), error)
            });
            if !is_readable {
                assert_eq!(status, Status::INVALID_ARGUMENT);
                return;
            }
            status
        }
        _ => {
            let mut made = Handle::NULL;
            let status = fuelbox_execution_cancel_token(execution, Out::to(&mut made));
            calls.made(status, &opened, Kind::Token, made);
            return;
        }
    };
    calls.did(status, &opened);
}

fn finish(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Execution);
    let (mut report, mut instance, mut recording) = (Handle::NULL, Handle::NULL, Handle::NULL);
    let is_recorded = calls.bytes.flag();
    let is_kept = calls.bytes.flag();
    let status = calls.with_error(|error| {
        let kept = if is_kept {
            Out::to(&mut instance)
        } else {
            Out::NULL
        };
        let told = Out::to(&mut report);
        if is_recorded {
            let recorded = Out::to(&mut recording);
            fuelbox_execution_finish_recorded(picked.handle, told, kept, recorded, error)
        } else {
            fuelbox_execution_finish(picked.handle, told, kept, error)
        }
    });
    host::over();
    if calls.made(status, &[picked.status], Kind::Report, report) {
        calls.known.end(picked.handle.number());
        if !instance.is_null() {
            calls.known.give(Kind::Instance, instance);
        }
        if !recording.is_null() {
            calls.known.give(Kind::Recording, recording);
        }
    }
}

fn new_pool(calls: &mut Calls<'_>) {
    let (sandbox, module) = (calls.pick(Kind::Sandbox), calls.pick(Kind::Module));
    let size = calls.bytes.below(3);
    let mut made = Handle::NULL;
    let status = fuelbox_pool_new(sandbox.handle, module.handle, size, Out::to(&mut made));
    calls.made(status, &[sandbox.status, module.status], Kind::Pool, made);
}

fn use_pool(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Pool);
    let (mut made, mut instance) = (0, Handle::NULL);
    let which = calls.bytes.byte() % 3;
    let status = calls.with_error(|error| match which {
        0 => fuelbox_pool_refill_one(picked.handle, Out::to(&mut made), error),
        1 => fuelbox_pool_refill(picked.handle, error),
        _ => fuelbox_pool_take(picked.handle, Out::to(&mut instance), error),
    });
    if calls.did(status, &[picked.status]) && which == 2 {
        calls.known.give(Kind::Instance, instance);
    }
}

fn new_scheduler(calls: &mut Calls<'_>) {
    let mut made = Handle::NULL;
    let status = fuelbox_scheduler_new(Out::to(&mut made));
    calls.made(status, &[], Kind::Scheduler, made);
}

fn schedule(calls: &mut Calls<'_>) {
    let (scheduler, execution) = (calls.pick(Kind::Scheduler), calls.pick(Kind::Execution));
    let priority = i32::from(calls.bytes.byte() % 4);
    let mut id = 0;
    let status = fuelbox_scheduler_add(
        scheduler.handle,
        execution.handle,
        1,
        priority,
        Out::to(&mut id),
    );
    if priority == 3 && scheduler.status == Status::OK {
        assert_eq!(status, Status::INVALID_ARGUMENT);
        return;
    }
    if calls.did(status, &[scheduler.status, execution.status]) {
        assert_ne!(id, 0);
        calls.known.end(execution.handle.number());
    }
}

fn use_scheduler(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Scheduler);
    let scheduler = picked.handle;
    let (mut id, mut step) = (0, 0);
    let (mut report, mut instance, mut execution) = (Handle::NULL, Handle::NULL, Handle::NULL);
    let status = match calls.bytes.byte() % 4 {
        0 => fuelbox_scheduler_round(scheduler, calls.bytes.number(), Out::to(&mut step)),
        1 => fuelbox_scheduler_asking(scheduler, Out::to(&mut id)),
        2 => {
            let number = u64::from(calls.bytes.byte() % 8);
            fuelbox_scheduler_remove(scheduler, number, Out::to(&mut execution))
        }
        _ => {
            let (report, instance) = (Out::to(&mut report), Out::to(&mut instance));
            fuelbox_scheduler_finished(scheduler, Out::to(&mut id), report, instance)
        }
    };
    host::over();
    calls.did(status, &[picked.status]);
    if !report.is_null() {
        calls.known.give(Kind::Report, report);
    }
    if !instance.is_null() {
        calls.known.give(Kind::Instance, instance);
    }
    if !execution.is_null() {
        calls.known.give(Kind::Execution, execution);
    }
}
