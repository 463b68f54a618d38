//! What a guest in a worker asks its host.

use super::protocol::{Bounds, Channel, ChannelError, Malformed, Patience, ToHost, ToWorker};
use crate::{
    host::{Extensions, Halt},
    stop::Stop,
    worker_end::WorkerEnd,
};
use alloc::vec::Vec;
use core::fmt;

/// A guest in a worker that has called a function of its host, and waits for the answer.
///
/// As a [`Caller`](crate::Caller) is for a guest in the host's own process: what is read and written is checked and
/// paid for there. Each call of these goes to the worker and back.
pub struct Asking<'a> {
    channel: &'a mut Channel,
    extensions: &'a mut Extensions,
    patience: Patience,
    /// Why nothing more can be said.
    broken: Option<ChannelError>,
}

impl<'a> Asking<'a> {
    pub(super) fn new(
        channel: &'a mut Channel,
        extensions: &'a mut Extensions,
        patience: Patience,
    ) -> Self {
        Self {
            channel,
            extensions,
            patience,
            broken: None,
        }
    }

    /// The `len` bytes of guest memory at `ptr`. Takes one fuel for each 64 bytes begun.
    ///
    /// # Errors
    /// A [`Halt`] of [`Stop::Fault`] where the range does not lie in the exported `memory`, of [`Stop::OutOfFuel`]
    /// where it cannot be paid for, of [`Stop::Worker`] where the worker is gone.
    pub fn read(&mut self, ptr: u32, len: u32) -> Result<Vec<u8>, Halt> {
        let bounds = Bounds {
            body: u64::from(len),
            ..Bounds::SMALL
        };
        match self.ask(&ToWorker::Read { ptr, len }, &[], &bounds)? {
            (ToHost::Bytes, bytes) if u32::try_from(bytes.len()) == Ok(len) => Ok(bytes),
            (ToHost::Denied { stop }, _) => Err(Halt::new(stop)),
            _ => Err(self.breaks(Malformed::Unexpected.into())),
        }
    }

    /// Copies `bytes` into guest memory at `ptr`. Takes one fuel for each 64 bytes begun.
    ///
    /// # Errors
    /// As for [`read`](Self::read); nothing is written then.
    pub fn write(&mut self, ptr: u32, bytes: &[u8]) -> Result<(), Halt> {
        self.done(&ToWorker::Write { ptr }, bytes)
    }

    /// Takes `fuel` more from the guest, for work that the base price does not cover.
    ///
    /// # Errors
    /// A [`Halt`] of [`Stop::OutOfFuel`] where the run has less left, of [`Stop::Worker`] where the worker is gone.
    pub fn charge(&mut self, fuel: u64) -> Result<(), Halt> {
        self.done(&ToWorker::Charge { fuel }, &[])
    }

    /// The run's value of this type; see [`Call::extensions`](crate::Call::extensions).
    #[must_use]
    pub fn get<T: 'static>(&self) -> Option<&T> {
        self.extensions.get()
    }

    /// The run's value of this type, to be changed.
    #[must_use]
    pub fn get_mut<T: 'static>(&mut self) -> Option<&mut T> {
        self.extensions.get_mut()
    }

    /// Why nothing more can be said, where that is so.
    pub(super) fn broken(&self) -> Option<ChannelError> {
        self.broken
    }

    fn done(&mut self, question: &ToWorker, body: &[u8]) -> Result<(), Halt> {
        match self.ask(question, body, &Bounds::SMALL)? {
            (ToHost::Done, _) => Ok(()),
            (ToHost::Denied { stop }, _) => Err(Halt::new(stop)),
            _ => Err(self.breaks(Malformed::Unexpected.into())),
        }
    }

    fn ask(
        &mut self,
        question: &ToWorker,
        body: &[u8],
        bounds: &Bounds,
    ) -> Result<(ToHost, Vec<u8>), Halt> {
        if let Some(broken) = self.broken {
            return Err(self.breaks(broken));
        }
        let asked = self.channel.send(question, &[body], self.patience);
        let answer = asked.and_then(|()| self.channel.receive(bounds, self.patience));
        answer.map_err(|error| self.breaks(error))
    }

    #[cold]
    fn breaks(&mut self, error: ChannelError) -> Halt {
        self.broken = Some(error);
        // Whoever passes it up is not heard: the run ends as its worker does.
        Halt::new(Stop::Worker {
            how: WorkerEnd::Protocol,
        })
    }
}

impl fmt::Debug for Asking<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asking").finish_non_exhaustive()
    }
}
