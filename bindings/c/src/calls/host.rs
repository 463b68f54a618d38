//! The host's side of callbacks: functions, their data, and what they do with what they are handed.

use crate::{
    boundary::{Context, In, Out, RawValue},
    caller::{
        CallerHandle, fuelbox_caller_charge, fuelbox_caller_fail, fuelbox_caller_fuel_left,
        fuelbox_caller_memory_size, fuelbox_caller_read, fuelbox_caller_write,
    },
    handle::Handle,
    status::Status,
};
use std::{cell::Cell, ffi::c_void};

thread_local! {
    /// How often data was handed in, less how often its end was told.
    static DATA: Cell<i64> = const { Cell::new(0) };
    static CALLS: Cell<u32> = const { Cell::new(0) };
    /// What the last callback was handed.
    static CALLER: Cell<usize> = const { Cell::new(0) };
}

pub(super) fn begin() {
    DATA.set(0);
    CALLER.set(0);
    CALLS.set(0);
}

/// After the last handle was freed.
pub(super) fn end() {
    assert_eq!(DATA.get(), 0, "the end of data was not told exactly once");
    over();
}

/// What a callback was handed is good for nothing once it is over, also within another.
pub(super) fn over() {
    let caller = CALLER.get();
    if caller != 0 {
        let caller = Handle::from_number(caller);
        assert_eq!(fuelbox_caller_charge(caller, 1), Status::STALE_HANDLE);
    }
}

/// Data for a callback, to be handed in once.
pub(super) fn data() -> Context {
    DATA.set(DATA.get() + 1);
    Context::NULL
}

extern "C" fn dropped(_: *mut c_void) {
    DATA.set(DATA.get() - 1);
}

extern "C" fn clock(_: *mut c_void) -> u64 {
    0
}

pub(super) const CLOCK: unsafe extern "C" fn(*mut c_void) -> u64 = clock;
pub(super) const FUNCTION: unsafe extern "C" fn(
    *mut c_void,
    CallerHandle,
    *const RawValue,
    usize,
    *mut RawValue,
    usize,
) -> Status = function;
pub(super) const DROPPED: unsafe extern "C" fn(*mut c_void) = dropped;

/// Does one thing after another, from call to call.
extern "C" fn function(
    _: *mut c_void,
    caller: CallerHandle,
    _: *const RawValue,
    _: usize,
    _: *mut RawValue,
    _: usize,
) -> Status {
    over();
    CALLER.set(caller.number());
    let call = CALLS.replace(CALLS.get().wrapping_add(1));
    let (mut bytes, mut number) = ([0; 8], 0);
    match call % 8 {
        0 => fuelbox_caller_read(caller, call, Out::of(&mut bytes), 8),
        1 => fuelbox_caller_write(caller, u32::MAX - call, In::of(&bytes), 8),
        2 => fuelbox_caller_charge(caller, u64::from(call) * 100),
        3 => fuelbox_caller_fail(caller, In::of(b"no"), 2),
        4 => fuelbox_caller_fuel_left(caller, Out::to(&mut number)),
        5 => fuelbox_caller_memory_size(caller, Out::to(&mut number)),
        6 => Status::PANIC,
        _ => Status::OK,
    }
}
