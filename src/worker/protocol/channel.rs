//! The socket between pool and worker.

use super::{
    frame::{Bounds, Header, Malformed},
    waking::Waking,
};
use crate::clock::{MonotonicClock, SystemClock};
use alloc::vec::Vec;
use core::time::Duration;
use rustix::{
    buffer::spare_capacity,
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
    net::{RecvFlags, SendFlags, recv, send},
};
use serde::{Serialize, de::DeserializeOwned};
use std::os::{fd::AsFd, unix::net::UnixStream};

/// The socket between pool and worker.
#[derive(Debug)]
pub(in crate::worker) struct Channel {
    socket: UnixStream,
    waking: Waking,
    /// What has come and was not read yet begins here in `inbox`.
    read: usize,
    inbox: Vec<u8>,
    outbox: Vec<u8>,
}

/// How long one end waits for the other.
#[derive(Clone, Copy, Debug)]
pub(in crate::worker) enum Patience {
    /// As long as the other lives.
    Endless,
    /// Until this time of [`SystemClock`].
    Until(Duration),
}

/// Why nothing more can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::worker) enum ChannelError {
    /// The other end is gone.
    Closed,
    /// It did not come in time.
    Late,
    /// The other end does not keep to the protocol.
    Malformed(Malformed),
}

impl From<Malformed> for ChannelError {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

impl Channel {
    pub(in crate::worker) fn new(socket: UnixStream) -> Self {
        Self {
            socket,
            waking: Waking::of_this_machine(),
            read: 0,
            inbox: Vec::with_capacity(INBOX_BYTES),
            outbox: Vec::with_capacity(INBOX_BYTES),
        }
    }

    /// Sends a message, and `bodies` one after another as its body.
    ///
    /// # Errors
    /// [`ChannelError`]; part of it may have been sent.
    pub(in crate::worker) fn send<M: Serialize>(
        &mut self,
        message: &M,
        bodies: &[&[u8]],
        patience: Patience,
    ) -> Result<(), ChannelError> {
        self.outbox.clear();
        self.outbox.extend_from_slice(&[0; Header::BYTES]);
        serde_json::to_writer(&mut self.outbox, message).map_err(|_| Malformed::Head)?;
        let header = Header {
            head: self.outbox.len().saturating_sub(Header::BYTES),
            body: bodies.iter().map(|body| body.len()).sum(),
        };
        let bytes = header.write().ok_or(Malformed::Length)?;
        if let Some(start) = self.outbox.first_chunk_mut() {
            *start = bytes;
        }
        let mut waiting = self.outbox.len();
        for body in bodies {
            // One call of the system for a small message.
            if waiting.saturating_add(body.len()) <= INBOX_BYTES {
                self.outbox.extend_from_slice(body);
                waiting = self.outbox.len();
                continue;
            }
            self.flush(patience)?;
            waiting = 0;
            self.send_all(body, patience)?;
        }
        self.flush(patience)
    }

    /// Receives a message and its body, within `bounds`.
    ///
    /// # Errors
    /// [`ChannelError`].
    pub(in crate::worker) fn receive<M: DeserializeOwned>(
        &mut self,
        bounds: &Bounds,
        patience: Patience,
    ) -> Result<(M, Vec<u8>), ChannelError> {
        let mut header = [0; Header::BYTES];
        self.fill(Header::BYTES, patience)?;
        header.copy_from_slice(self.take(Header::BYTES));
        let header = Header::read(&header, bounds)?;
        self.fill(header.head, patience)?;
        let head = self.take(header.head);
        let message = serde_json::from_slice(head).map_err(|_| Malformed::Head)?;
        let body = self.body(header.body, patience)?;
        Ok((message, body))
    }

    /// Whether something has come.
    pub(in crate::worker) fn has_something(&mut self) -> bool {
        self.read < self.inbox.len() || self.wait_for(PollFlags::IN, Some(Duration::ZERO)).is_ok()
    }

    /// Whether something comes within `time`, or the other end goes.
    pub(in crate::worker) fn wait(&mut self, time: Duration) -> bool {
        while !self.has_something() {
            if !self.waking.looks_again() {
                return self.wait_for(PollFlags::IN, Some(time)).is_ok();
            }
        }
        true
    }

    fn flush(&mut self, patience: Patience) -> Result<(), ChannelError> {
        let outbox = core::mem::take(&mut self.outbox);
        let sent = self.send_all(&outbox, patience);
        self.outbox = outbox;
        self.outbox.clear();
        // One large head is no reason to keep its room.
        self.outbox.shrink_to(INBOX_BYTES);
        sent
    }

    fn send_all(&mut self, mut bytes: &[u8], patience: Patience) -> Result<(), ChannelError> {
        while !bytes.is_empty() {
            match send(&self.socket, bytes, SEND) {
                Ok(sent) => bytes = bytes.get(sent..).unwrap_or_default(),
                Err(Errno::AGAIN) => self.wait_for(PollFlags::OUT, patience.left())?,
                Err(Errno::INTR) => {}
                Err(_) => return Err(ChannelError::Closed),
            }
        }
        Ok(())
    }

    /// Receives until so many bytes wait to be read.
    fn fill(&mut self, len: usize, patience: Patience) -> Result<(), ChannelError> {
        if self.inbox.len().saturating_sub(self.read) >= len {
            return Ok(());
        }
        self.inbox.drain(..self.read);
        self.read = 0;
        while self.inbox.len() < len {
            if self.inbox.spare_capacity_mut().is_empty() {
                // It grows with what has come, not with what was announced.
                self.inbox.reserve(self.inbox.len().max(INBOX_BYTES));
            }
            receive_into(&self.socket, &mut self.inbox, &mut self.waking, patience)?;
        }
        Ok(())
    }

    /// So many bytes that wait to be read.
    fn take(&mut self, len: usize) -> &[u8] {
        let start = self.read;
        self.read = start.saturating_add(len);
        self.inbox.get(start..self.read).unwrap_or_default()
    }

    /// A body: what has come of it, and the rest without a copy in between.
    fn body(&mut self, len: usize, patience: Patience) -> Result<Vec<u8>, ChannelError> {
        let here = self.inbox.len().saturating_sub(self.read).min(len);
        let mut body = Vec::new();
        body.try_reserve_exact(len.min(BODY_BYTES))
            .map_err(|_| Malformed::Length)?;
        body.extend_from_slice(self.take(here));
        while body.len() < len {
            if body.len() == body.capacity() {
                let rest = len.saturating_sub(body.len());
                body.try_reserve_exact(rest.min(body.len()))
                    .map_err(|_| Malformed::Length)?;
            }
            receive_into(&self.socket, &mut body, &mut self.waking, patience)?;
        }
        // Room may be more than was asked for; what came too much belongs to what follows.
        if body.len() > len {
            self.inbox.extend_from_slice(&body.split_off(len));
        }
        Ok(body)
    }

    fn wait_for(&self, what: PollFlags, time: Option<Duration>) -> Result<(), ChannelError> {
        wait_for(&self.socket, what, time)
    }
}

impl Patience {
    /// Waits for `time` from now; for ever where that is beyond all clocks.
    pub(in crate::worker) fn of(time: Duration) -> Self {
        match SystemClock.now().checked_add(time) {
            Some(end) => Self::Until(end),
            None => Self::Endless,
        }
    }

    /// How long it still waits; none where that is for ever.
    pub(in crate::worker) fn left(self) -> Option<Duration> {
        match self {
            Self::Endless => None,
            Self::Until(end) => Some(end.saturating_sub(SystemClock.now())),
        }
    }

    /// Waits so much longer.
    pub(in crate::worker) fn longer(self, time: Duration) -> Self {
        match self {
            Self::Endless => Self::Endless,
            Self::Until(end) => end.checked_add(time).map_or(Self::Endless, Self::Until),
        }
    }
}

/// Receives what there is and what fits into the spare room of `bytes`, at least a byte.
fn receive_into(
    socket: &UnixStream,
    bytes: &mut Vec<u8>,
    waking: &mut Waking,
    patience: Patience,
) -> Result<(), ChannelError> {
    loop {
        match recv(socket, spare_capacity(bytes), RecvFlags::DONTWAIT) {
            Ok((_, 0)) => return Err(ChannelError::Closed),
            Ok(_) => {
                waking.came();
                return Ok(());
            }
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) if waking.looks_again() => {}
            Err(Errno::AGAIN) => wait_for(socket, PollFlags::IN, patience.left())?,
            Err(_) => return Err(ChannelError::Closed),
        }
    }
}

/// # Errors
/// [`ChannelError::Late`] where it takes longer than `time`.
fn wait_for(
    socket: &UnixStream,
    what: PollFlags,
    time: Option<Duration>,
) -> Result<(), ChannelError> {
    // What is beyond its clock is as good as for ever.
    let time = time.and_then(|time| Timespec::try_from(time).ok());
    loop {
        return match poll(&mut [PollFd::new(&socket.as_fd(), what)], time.as_ref()) {
            Ok(0) => Err(ChannelError::Late),
            Ok(_) => Ok(()),
            // Seldom enough that the whole time may begin again.
            Err(Errno::INTR) => continue,
            Err(_) => Err(ChannelError::Closed),
        };
    }
}

/// A body that is longer gets room as it comes, so that a long one that is only announced takes none.
const BODY_BYTES: usize = 16 << 20;

/// Room for all of a usual message; more comes without being copied.
const INBOX_BYTES: usize = 64 << 10;

/// Never blocks, so that patience ends; and the end of the other is an error, not a signal.
#[cfg(any(target_os = "linux", target_os = "android"))]
const SEND: SendFlags = SendFlags::DONTWAIT.union(SendFlags::NOSIGNAL);
// The standard library sets it for the socket.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const SEND: SendFlags = SendFlags::DONTWAIT;
