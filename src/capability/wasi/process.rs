//! The end of the guest, random bytes, and what makes no sense in a sandbox.

use super::call::{Buffer, Call, Fail, state_of};
use crate::{
    capability::random::filling,
    host::{Answer, Signal},
    tree::Errno,
};

pub(super) fn exit(status: u32) -> Fail {
    Fail::Signal(Signal::Exit(status.cast_signed()))
}

/// Signals do not exist here.
pub(super) fn raise() -> Result<(), Fail> {
    Err(Errno::Nosys.into())
}

pub(super) fn random_get(call: &mut Call<'_>, ptr: u32, len: u32) -> Result<(), Fail> {
    call.range(Buffer { ptr, len })?;
    call.work(filling(
        (ptr, len),
        |host| &mut state_of(host).random,
        Answer::Number(0),
    ))
}

/// Every socket function: nothing that is open is a socket.
pub(super) fn socket(call: &mut Call<'_>, fd: u32) -> Result<(), Fail> {
    call.state().fds.get(fd)?;
    Err(Errno::Notsock.into())
}
