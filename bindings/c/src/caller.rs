//! What a host function sees of the run that calls it.

use crate::{
    boundary::{Context, In, Out, with_caller},
    guard::guard,
    handle::Handle,
    status::{Failure, Status},
    usage::nanos,
};
use fuelbox::{Caller, Halt};

/// `fuelbox_caller`: the run that calls a host function, for the time of the call.
pub(crate) struct CallerState<'a, 'b> {
    pub(crate) caller: &'a mut Caller<'b>,
    /// Why the last function failed that did.
    pub(crate) halt: Option<Halt>,
    /// What the host says of it.
    pub(crate) message: Option<String>,
}

/// As C has it.
pub(crate) type CallerHandle = Handle<CallerState<'static, 'static>>;

/// Remembers why the run has to stop, so that the host function has only to pass on the number.
pub(crate) fn remember<T>(halted: Result<T, Halt>, last: &mut Option<Halt>) -> Result<T, Failure> {
    halted.map_err(|halt| {
        let status = Status::of_stop(halt.stop());
        *last = Some(halt);
        status.into()
    })
}

/// A length that a guest could have given too.
pub(crate) fn guest_len(len: usize) -> u32 {
    // More lies outside every memory that 32 bits can point into.
    u32::try_from(len).unwrap_or(u32::MAX)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_caller_read(
    caller: CallerHandle,
    ptr: u32,
    buf: Out<u8>,
    len: usize,
) -> Status {
    guard(|| {
        with_caller(caller, |state| {
            if len > 0 {
                buf.required()?;
            }
            let bytes = state.caller.read(ptr, guest_len(len));
            Ok(buf.copy(remember(bytes, &mut state.halt)?)?)
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_caller_write(
    caller: CallerHandle,
    ptr: u32,
    bytes: In<u8>,
    len: usize,
) -> Status {
    guard(|| {
        with_caller(caller, |state| {
            let written = state.caller.write(ptr, bytes.slice(len)?);
            remember(written, &mut state.halt)
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_caller_charge(caller: CallerHandle, fuel: u64) -> Status {
    guard(|| {
        with_caller(caller, |state| {
            remember(state.caller.charge(fuel), &mut state.halt)
        })
    })
}

/// Writes what `tell` says of a caller.
fn tell<T: Copy>(
    caller: CallerHandle,
    out: &Out<T>,
    tell: impl FnOnce(&CallerState<'_, '_>) -> T,
) -> Status {
    guard(|| {
        out.required()?;
        with_caller(caller, |state| {
            out.set(tell(state));
            Ok(())
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_caller_memory_size(
    caller: CallerHandle,
    bytes: Out<u64>,
) -> Status {
    tell(caller, &bytes, |state| state.caller.memory_size())
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_caller_fuel_used(caller: CallerHandle, fuel: Out<u64>) -> Status {
    tell(caller, &fuel, |state| state.caller.fuel_used())
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_caller_fuel_left(caller: CallerHandle, fuel: Out<u64>) -> Status {
    tell(caller, &fuel, |state| state.caller.fuel_left())
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_caller_time_left(caller: CallerHandle, left: Out<u64>) -> Status {
    tell(caller, &left, |state| nanos(state.caller.time_left()))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_caller_is_cancelled(
    caller: CallerHandle,
    cancelled: Out<i32>,
) -> Status {
    tell(caller, &cancelled, |state| {
        i32::from(state.caller.is_cancelled())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_caller_context(
    caller: CallerHandle,
    context: Out<Context>,
) -> Status {
    tell(caller, &context, |state| {
        state.caller.get().copied().unwrap_or(Context::NULL)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_caller_fail(
    caller: CallerHandle,
    message: In<u8>,
    message_len: usize,
) -> Status {
    let said = guard(|| {
        with_caller(caller, |state| {
            state.message = Some(message.text(message_len)?.to_owned());
            Ok(())
        })
    });
    if said == Status::OK {
        Status::HOST_FUNCTION
    } else {
        said
    }
}
