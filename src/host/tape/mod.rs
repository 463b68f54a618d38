//! What crosses the boundary, kept while it does, or given again.
//!
//! An instance has a tape if it is recorded or replayed. Everything that a guest learns comes to it by a host call, so
//! a tape stands around host calls alone, and knows nothing of what they do: it sees arguments, results, the fuel that
//! they took, and the ranges that were handed out by the door to guest memory.

mod player;
mod recorder;

pub(crate) use player::{Difference, Diverged, Player};
pub(crate) use recorder::Recorder;

use super::{Halt, Host, Store, StoreMut, memory};
use crate::value::Value;
use alloc::{boxed::Box, vec::Vec};
use wasmi::AsContextMut;

/// What an instance is recorded on, or replayed from.
pub(crate) enum Tape {
    Recording(Box<Recorder>),
    Playing(Box<Player>),
}

impl Host {
    /// The recorder, where the instance is recorded.
    #[inline]
    pub(crate) fn recorder(&mut self) -> Option<&mut Recorder> {
        match self.tape.as_mut()? {
            Tape::Recording(recorder) => Some(recorder),
            Tape::Playing(_) => None,
        }
    }

    /// The player, where the instance is replayed.
    pub(crate) fn player(&mut self) -> Option<&mut Player> {
        match self.tape.as_mut()? {
            Tape::Playing(player) => Some(player),
            Tape::Recording(_) => None,
        }
    }

    /// Tells the recorder, if there is one, of a range of guest memory that a host call has written to.
    #[inline]
    pub(crate) fn wrote(&mut self, ptr: u32, len: usize) {
        self.may_write(ptr.into(), len);
        if let Some(recorder) = self.recorder() {
            recorder.wrote(ptr, len);
        }
    }

    /// Takes the tape out, for what needs the rest of the host beside it.
    fn lend_tape(&mut self) -> Option<Tape> {
        self.tape.take()
    }
}

/// Takes down that a host call begins.
pub(crate) fn begin_host_call(caller: &mut StoreMut<'_>, import: u32, args: &[Value]) {
    let in_slice = super::ledger::fuel_in_slice(caller);
    let host = caller.data_mut();
    let (used, left) = (host.ledger.used(in_slice), host.ledger.left(in_slice));
    if let Some(recorder) = host.recorder() {
        recorder.begin_host_call(import, (used, left), args);
    }
}

/// Takes down that the host call in progress is over: what it returned, or that it did not.
///
/// Does nothing where none is in progress.
pub(crate) fn end_host_call(
    context: &mut impl AsContextMut<Data = Host>,
    results: Option<&[Value]>,
) {
    let in_slice = context.as_context().get_fuel();
    let in_slice = in_slice.expect("fuel is metered in every engine");
    memory::with_whole(context, |memory, host| {
        let (left, files) = (host.ledger.left(in_slice), host.meter.files());
        if let Some(recorder) = host.recorder() {
            recorder.end_host_call(memory, (left, files), results);
        }
    });
}

/// Gives a guest again what the host call of this name gave it.
///
/// # Errors
/// What ended the call then; what is raised where the guest does something else than it did.
pub(crate) fn play(
    caller: &mut StoreMut<'_>,
    import: (&str, &str),
    args: &[Value],
) -> Result<Vec<Value>, wasmi::Error> {
    let used = caller
        .data()
        .ledger
        .used(super::ledger::fuel_in_slice(caller));
    let Some(mut tape) = caller.data_mut().lend_tape() else {
        return Err(Diverged::halt().raise());
    };
    let outcome = match &mut tape {
        Tape::Playing(player) => player.play(caller, import, args, used),
        Tape::Recording(_) => Err(Diverged::halt().into()),
    };
    caller.data_mut().tape = Some(tape);
    outcome.map_err(Into::into)
}

/// Takes note that a host call takes other results in this module than it gave.
pub(crate) fn differ_in_results(host: &mut Host, import: (&str, &str), args: &[Value]) -> Halt {
    match host.player() {
        Some(player) => player.diverge_in_results(import, args),
        None => Diverged::halt(),
    }
}

/// Copies to guest memory what the host had written there before a call, where the guest has memory there.
pub(crate) fn write_before_call(store: &mut Store, ptr: u64, bytes: &[u8]) {
    memory::with_whole(store, |memory, _| {
        let start = usize::try_from(ptr).unwrap_or(usize::MAX);
        let range = memory.get_mut(start..start.saturating_add(bytes.len()));
        if let Some(range) = range {
            range.copy_from_slice(bytes);
        }
    });
}
