//! Guests: modules, sandboxes, runs and pools.

use super::{Calls, Step, buffer, host, known::Kind, setting};
use crate::{
    boundary::{In, Out},
    grants::{
        fuelbox_sandbox_grant_function, fuelbox_sandbox_grant_protocol,
        fuelbox_sandbox_grant_waiting, fuelbox_sandbox_record, fuelbox_sandbox_stub_unknown,
    },
    handle::{self, Handle},
    module::{
        fuelbox_module_clone, fuelbox_module_export_name, fuelbox_module_json, fuelbox_module_new,
        fuelbox_module_wasm,
    },
    pool::{fuelbox_pool_new, fuelbox_pool_refill, fuelbox_pool_refill_one, fuelbox_pool_take},
    sandbox::{
        fuelbox_sandbox_check, fuelbox_sandbox_clone, fuelbox_sandbox_instantiate,
        fuelbox_sandbox_limits, fuelbox_sandbox_new, fuelbox_sandbox_new_with_clock,
        fuelbox_sandbox_run, fuelbox_sandbox_run_input, fuelbox_sandbox_start,
    },
    status::Status,
};
use fuelbox::{Module, Sandbox};
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
    new_pool,
    use_pool,
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
        let (out, mut error) = (Out::to(&mut instance), Handle::NULL);
        let status = fuelbox_sandbox_instantiate(sandbox, module, out, Out::to(&mut error));
        let refused = handle::open_if_any(error).expect("it was handed out");
        let message = refused.map(|problem| problem.message());
        assert_eq!((status, message), (Status::OK, None));
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
