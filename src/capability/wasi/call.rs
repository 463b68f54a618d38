//! One call of a WASI function: its arguments in guest memory, its answer.

use super::{abi, state::State};
use crate::{
    host::{Answer, Break, Caller, Halt, Host, Signal, StoreMut, Work},
    tree::Errno,
};
use alloc::{string::String, vec::Vec};
use core::{ops::Range, time::Duration};

/// How many buffers one call may name: the least that POSIX lets a system have at the most.
const MOST_BUFFERS: u32 = 1_024;

/// Longest path, in bytes.
const MOST_PATH_BYTES: u32 = 4_096;

/// Why a call does not answer success.
pub(super) enum Fail {
    /// The guest is told.
    Errno(Errno),
    /// The guest is told the errno of this number.
    Number(u32),
    /// The run stops.
    Halt(Halt),
    /// The run ends or waits.
    Signal(Signal),
}

impl From<Errno> for Fail {
    fn from(errno: Errno) -> Self {
        Self::Errno(errno)
    }
}

impl From<Halt> for Fail {
    fn from(halt: Halt) -> Self {
        // An address that the guest got wrong is its own affair here: it is told.
        match halt.stop() {
            crate::stop::Stop::Fault { .. } => Self::Errno(Errno::Fault),
            _ => Self::Halt(halt),
        }
    }
}

/// One call in progress.
pub(super) struct Call<'a> {
    caller: Caller<'a>,
}

/// A buffer in guest memory.
#[derive(Clone, Copy)]
pub(super) struct Buffer {
    pub(super) ptr: u32,
    pub(super) len: u32,
}

impl Buffer {
    /// Where a number of 32 bits is stored.
    pub(super) fn of_u32(ptr: u32) -> Self {
        Self { ptr, len: 4 }
    }

    /// As indices of memory.
    pub(super) fn range(self) -> Range<usize> {
        let start = usize::try_from(self.ptr).unwrap_or(usize::MAX);
        let len = usize::try_from(self.len).unwrap_or(usize::MAX);
        start..start.saturating_add(len)
    }
}

/// Enters the function `name`, and gives the guest its answer as an errno.
pub(super) fn answer(
    caller: StoreMut<'_>,
    name: &'static str,
    function: impl FnOnce(&mut Call<'_>) -> Result<(), Fail>,
) -> Result<u32, wasmi::Error> {
    let mut call = Call {
        caller: Caller::enter(caller, name).map_err(Halt::raise)?,
    };
    call.state().take_reached_machine();
    let outcome = function(&mut call);
    let took_time = call.state().take_reached_machine();
    call.charge_work().map_err(Halt::raise)?;
    let errno = match outcome {
        Ok(()) => Errno::Success.number().into(),
        Err(Fail::Errno(errno)) => errno.number().into(),
        Err(Fail::Number(number)) => number,
        Err(Fail::Halt(halt)) => return Err(halt.raise()),
        Err(Fail::Signal(signal)) => return Err(signal.into()),
    };
    if took_time {
        // Fuel says little about a disk, so that no slice holds two such calls.
        let answer = errno.cast_signed();
        let time = Duration::ZERO;
        return Err(Signal::Wait { time, answer }.into());
    }
    Ok(errno)
}

impl Call<'_> {
    pub(super) fn state(&mut self) -> &mut State {
        state_of(self.caller.host_mut())
    }

    pub(super) fn host(&mut self) -> &mut Host {
        self.caller.host_mut()
    }

    /// Fuel that the run has used so far.
    pub(super) fn fuel_used(&self) -> u64 {
        self.caller.fuel_used_ever()
    }

    /// Takes the price of the work in trees that the arguments do not show: names looked up, and
    /// bytes moved. It is known only afterwards, and limits bound it.
    fn charge_work(&mut self) -> Result<(), Halt> {
        let work = self.state().take_work();
        self.caller
            .charge_bytes(work.saturating_mul(super::WORK_BYTES))
    }

    pub(super) fn read(&mut self, ptr: u32, len: u32) -> Result<&[u8], Fail> {
        Ok(self.caller.read(ptr, len)?)
    }

    pub(super) fn write(&mut self, ptr: u32, bytes: &[u8]) -> Result<(), Fail> {
        Ok(self.caller.write(ptr, bytes)?)
    }

    pub(super) fn write_u32(&mut self, ptr: u32, value: u32) -> Result<(), Fail> {
        self.write(ptr, &value.to_le_bytes())
    }

    pub(super) fn write_u64(&mut self, ptr: u32, value: u64) -> Result<(), Fail> {
        self.write(ptr, &value.to_le_bytes())
    }

    /// Does work that may take long, and answers as it does; see [`Caller::work`].
    pub(super) fn work(&mut self, work: impl Work + 'static) -> Result<(), Fail> {
        match self.caller.work(work) {
            Ok(Answer::Nothing | Answer::Number(0)) => Ok(()),
            Ok(Answer::Number(errno)) => Err(Fail::Number(errno.cast_unsigned())),
            Err(Break::Halt(halt)) => Err(halt.into()),
            Err(Break::Signal(signal)) => Err(Fail::Signal(signal)),
        }
    }

    /// Checks that a range lies in guest memory.
    pub(super) fn check(&mut self, ptr: u32, len: u32) -> Result<(), Fail> {
        Ok(self.caller.check(ptr, len)?)
    }

    /// A range of guest memory that is only read, beside what the run owns.
    pub(super) fn part(&mut self, buffer: Buffer) -> Result<(&[u8], &mut Host), Fail> {
        Ok(self.caller.part(buffer.ptr, buffer.len)?)
    }

    /// A range of guest memory to be written to, beside what the run owns.
    pub(super) fn range(&mut self, buffer: Buffer) -> Result<(&mut [u8], &mut Host), Fail> {
        Ok(self.caller.range(buffer.ptr, buffer.len)?)
    }

    /// A path, as the guest wrote it.
    pub(super) fn path(&mut self, ptr: u32, len: u32) -> Result<String, Fail> {
        self.check(ptr, len)?;
        if len > MOST_PATH_BYTES {
            return Err(Errno::Nametoolong.into());
        }
        let bytes = self.read(ptr, len)?;
        match core::str::from_utf8(bytes) {
            Ok(path) => Ok(path.into()),
            Err(_) => Err(Errno::Ilseq.into()),
        }
    }

    /// The buffers that a list of `count` names, all of them checked.
    pub(super) fn buffers(&mut self, list: u32, count: u32) -> Result<Vec<Buffer>, Fail> {
        const BUFFER_BYTES: u32 = 8;

        if count > MOST_BUFFERS {
            return Err(Errno::Inval.into());
        }
        let bytes = count.saturating_mul(BUFFER_BYTES);
        let buffers: Vec<_> = self
            .read(list, bytes)?
            .chunks_exact(8)
            .map(|pair| Buffer {
                ptr: u32::from_le_bytes(abi::field(pair, 0)),
                len: u32::from_le_bytes(abi::field(pair, 4)),
            })
            .collect();
        let mut total = 0_u32;
        for buffer in &buffers {
            self.check(buffer.ptr, buffer.len)?;
            total = total.checked_add(buffer.len).ok_or(Errno::Inval)?;
        }
        Ok(buffers)
    }
}

/// What the capability keeps for a run.
pub(super) fn state_of(host: &mut Host) -> &mut State {
    host.states
        .get_mut()
        .expect("a granted capability is prepared for every run")
}
