//! Limits, builders, calls and tokens.

use super::{Calls, Step, buffer, known::Kind};
use crate::{
    boundary::{Context, In, Out, RawValue},
    builder::{
        fuelbox_module_builder_new, fuelbox_module_builder_proposal, fuelbox_module_builder_set,
        fuelbox_module_builder_snapshots,
    },
    call::{
        fuelbox_call_new_entry, fuelbox_call_new_export, fuelbox_call_set_args,
        fuelbox_call_set_cancel_token, fuelbox_call_set_context, fuelbox_call_set_input,
        fuelbox_call_set_limits,
    },
    cancel::{
        fuelbox_cancel_token_cancel, fuelbox_cancel_token_clone, fuelbox_cancel_token_is_cancelled,
        fuelbox_cancel_token_new,
    },
    handle::Handle,
    limits::{
        fuelbox_limits_from_json, fuelbox_limits_get, fuelbox_limits_json, fuelbox_limits_new,
        fuelbox_limits_set,
    },
    status::Status,
};
use fuelbox::Value;

pub(super) const STEPS: &[Step] = &[
    new_limits,
    set_limit,
    limits_as_json,
    new_builder,
    set_builder,
    new_call,
    set_call,
    set_call_from_handles,
    new_token,
    use_token,
];

/// Names of limits, and what is none.
const NAMES: &[&[u8]] = &[
    b"fuel",
    b"deadline",
    b"memory_bytes",
    b"wait_counts",
    b"output_bytes",
    b"functions",
    b"petrol",
    b"\xff",
    b"",
];

/// Exports of the guests, and what is none.
const EXPORTS: &[&[u8]] = &[
    b"add",
    b"next",
    b"same",
    b"trap",
    b"price",
    b"shout",
    b"twice",
    b"outside",
    b"memory",
    b"former",
    b"\xc3\x28",
];

pub(super) fn export(calls: &mut Calls<'_>) -> &'static [u8] {
    calls.bytes.choose(EXPORTS)
}

/// Values for a call, mostly of types that there are.
pub(super) fn values(calls: &mut Calls<'_>) -> Vec<RawValue> {
    let count = calls.bytes.choose(&[0, 1, 1, 2, 2, 5, 9]);
    (0..count).map(|_| value(calls)).collect()
}

fn value(calls: &mut Calls<'_>) -> RawValue {
    let number = calls.bytes.number();
    match calls.bytes.byte() % 8 {
        0 => RawValue::new(&Value::I64(number.cast_signed())),
        1 => RawValue::new(&Value::F64(f64::from_bits(number))),
        2 => RawValue::unknown(),
        _ => RawValue::new(&Value::I32(i32::from(calls.bytes.byte()))),
    }
}

pub(super) fn new_limits(calls: &mut Calls<'_>) {
    let mut made = Handle::NULL;
    let status = fuelbox_limits_new(Out::to(&mut made));
    if calls.made(status, &[], Kind::Limits, made) {
        // So that no guest runs for long: fuel ends it, and never the deadline, which Miri would come to.
        let limits = [
            ("fuel", 20_000),
            ("deadline", u64::MAX),
            ("memory_bytes", 1 << 20),
        ];
        for (name, value) in limits {
            let status = fuelbox_limits_set(made, In::of(name.as_bytes()), name.len(), value);
            assert!(calls.did(status, &[]));
        }
    }
}

fn set_limit(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Limits);
    let name = calls.bytes.choose(NAMES);
    let value = calls.bytes.number() % 100_000;
    let status = fuelbox_limits_set(picked.handle, In::of(name), name.len(), value);
    if calls.did(status, &[picked.status]) {
        let mut read = 0;
        let status =
            fuelbox_limits_get(picked.handle, In::of(name), name.len(), Out::to(&mut read));
        assert!(calls.did(status, &[]));
        assert_eq!(read, value, "{name:?}");
    }
}

fn limits_as_json(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Limits);
    let status = buffer::filled(&mut calls.bytes, |buf, cap, len| {
        fuelbox_limits_json(picked.handle, buf, cap, len)
    });
    calls.did(status, &[picked.status]);
    let json = calls.bytes.take(8);
    let mut made = Handle::NULL;
    let status = calls.with_error(|error| {
        fuelbox_limits_from_json(In::of(json), json.len(), Out::to(&mut made), error)
    });
    if calls.did(status, &[]) {
        // Its fuel may be without end: no guest gets it.
        calls.known.give(Kind::Limits, made);
        assert_eq!(Kind::Limits.free(made.number()), Status::OK);
        calls.known.end(made.number());
    }
}

fn new_builder(calls: &mut Calls<'_>) {
    let mut made = Handle::NULL;
    let status = fuelbox_module_builder_new(Out::to(&mut made));
    calls.made(status, &[], Kind::Builder, made);
}

fn set_builder(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Builder);
    let status = match calls.bytes.byte() % 3 {
        0 => fuelbox_module_builder_snapshots(picked.handle, 1),
        1 => {
            let name = calls.bytes.choose(NAMES);
            let value = calls.bytes.number();
            fuelbox_module_builder_set(picked.handle, In::of(name), name.len(), value)
        }
        _ => fuelbox_module_builder_proposal(picked.handle, In::of(b"tail-call"), 9, 1),
    };
    calls.did(status, &[picked.status]);
}

fn new_call(calls: &mut Calls<'_>) {
    let mut made = Handle::NULL;
    let status = if calls.bytes.flag() {
        fuelbox_call_new_entry(Out::to(&mut made))
    } else {
        let name = export(calls);
        fuelbox_call_new_export(In::of(name), name.len(), Out::to(&mut made))
    };
    calls.made(status, &[], Kind::Call, made);
}

fn set_call(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Call);
    let status = match calls.bytes.byte() % 3 {
        0 => {
            let args = values(calls);
            fuelbox_call_set_args(picked.handle, In::of(&args), args.len())
        }
        1 => {
            let input = calls.bytes.take(16);
            fuelbox_call_set_input(picked.handle, In::of(input), input.len())
        }
        _ => fuelbox_call_set_context(picked.handle, Context::NULL),
    };
    calls.did(status, &[picked.status]);
}

fn set_call_from_handles(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Call);
    if calls.bytes.flag() {
        let limits = calls.pick(Kind::Limits);
        let status = fuelbox_call_set_limits(picked.handle, limits.handle);
        calls.did(status, &[picked.status, limits.status]);
    } else {
        let token = calls.pick(Kind::Token);
        let status = fuelbox_call_set_cancel_token(picked.handle, token.handle);
        calls.did(status, &[picked.status, token.status]);
    }
}

fn new_token(calls: &mut Calls<'_>) {
    let mut made = Handle::NULL;
    if calls.bytes.flag() {
        let status = fuelbox_cancel_token_new(Out::to(&mut made));
        calls.made(status, &[], Kind::Token, made);
    } else {
        let picked = calls.pick(Kind::Token);
        let status = fuelbox_cancel_token_clone(picked.handle, Out::to(&mut made));
        calls.made(status, &[picked.status], Kind::Token, made);
    }
}

fn use_token(calls: &mut Calls<'_>) {
    let picked = calls.pick(Kind::Token);
    let mut cancelled = 7;
    let status = match calls.bytes.byte() % 8 {
        0 => fuelbox_cancel_token_cancel(picked.handle),
        _ => fuelbox_cancel_token_is_cancelled(picked.handle, Out::to(&mut cancelled)),
    };
    if !calls.did(status, &[picked.status]) {
        assert_eq!(cancelled, 7, "it was written to");
    }
}
