//! Standard input that arrives while the guest runs.

use super::{
    abi::fdflags,
    call::{Buffer, Call, Fail, state_of},
    functions,
};
use crate::{
    guard::guard,
    host::{Answer, Halt, Host, Piece, Work, fuel_for_bytes},
    stop::{HostError, Stop},
    tree::Errno,
};
use alloc::{borrow::Cow, format, sync::Arc, vec::Vec};

/// What standard input of a guest comes from, while it runs.
///
/// `capability::pipe` makes one that another thread feeds; a host without `std` writes its own.
///
/// ```
/// use fuelbox::capability::{Arrival, InputSource};
/// use std::sync::Mutex;
///
/// struct Lines(Mutex<Vec<u8>>);
///
/// impl InputSource for Lines {
///     fn read(&self, buffer: &mut [u8]) -> Arrival {
///         let mut arrived = self.0.lock().expect("nobody panics with it");
///         let len = arrived.len().min(buffer.len());
///         buffer[..len].copy_from_slice(&arrived[..len]);
///         arrived.drain(..len);
///         if len == 0 { Arrival::Later } else { Arrival::Bytes(len) }
///     }
/// }
/// # let mut buffer = [0; 4];
/// # let lines = Lines(Mutex::new(b"a line".to_vec()));
/// # assert_eq!(lines.read(&mut buffer), Arrival::Bytes(4));
/// # assert_eq!((lines.read(&mut buffer), lines.read(&mut buffer)), (Arrival::Bytes(2), Arrival::Later));
/// ```
pub trait InputSource: Send + Sync {
    /// Moves what has arrived into the start of `buffer`, and never waits for more.
    ///
    /// `buffer` is not empty. Called again about every millisecond while the guest waits.
    fn read(&self, buffer: &mut [u8]) -> Arrival;
}

/// What an [`InputSource`] has for the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Arrival {
    /// So many bytes; zero are as good as [`Later`](Self::Later).
    Bytes(usize),
    /// Nothing yet.
    Later,
    /// Nothing more will come.
    End,
}

/// Standard input of one run: what has arrived and was not read yet.
#[derive(Clone)]
pub(super) struct Stdin {
    source: Arc<dyn InputSource>,
    arrived: Vec<u8>,
    /// How much of `arrived` the guest has read.
    read: usize,
    is_over: bool,
}

/// How standard input stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ready {
    /// So many bytes can be read; none at the end.
    Bytes(usize),
    /// Nothing has arrived yet.
    Later,
}

/// What is taken from a source at once.
const PIECE_BYTES: usize = 16 << 10;

impl Stdin {
    pub(super) fn new(source: Arc<dyn InputSource>) -> Self {
        Self {
            source,
            arrived: Vec::new(),
            read: 0,
            is_over: false,
        }
    }

    /// Takes what has arrived, unless there is something left from before.
    ///
    /// # Errors
    /// A [`Halt`] where the source panics, or the machine has no memory.
    pub(super) fn look(&mut self) -> Result<Ready, Halt> {
        if self.left().is_empty() && !self.is_over {
            self.take()?;
        }
        Ok(match self.left().len() {
            0 if !self.is_over => Ready::Later,
            len => Ready::Bytes(len),
        })
    }

    fn take(&mut self) -> Result<(), Halt> {
        self.arrived
            .try_reserve_exact(PIECE_BYTES.saturating_sub(self.arrived.len()))
            .map_err(|_| Halt::new(Stop::SystemOutOfMemory))?;
        self.arrived.resize(PIECE_BYTES, 0);
        self.read = 0;
        let arrival = guard(|| self.source.read(&mut self.arrived)).map_err(|message| {
            Halt::new(Stop::HostFunction {
                module: Cow::Borrowed(functions::MODULE),
                name: Cow::Borrowed("fd_read"),
                error: HostError::message(format!("the source of stdin panicked: {message}")),
            })
        })?;
        let len = match arrival {
            Arrival::Bytes(len) => len,
            Arrival::Later => 0,
            Arrival::End => {
                self.is_over = true;
                0
            }
        };
        self.arrived.truncate(len);
        Ok(())
    }

    fn left(&self) -> &[u8] {
        self.arrived.get(self.read..).unwrap_or_default()
    }

    /// Moves what is there into `buffer`; returns how many bytes.
    fn fill(&mut self, buffer: &mut [u8]) -> usize {
        let len = super::stdio::copy(buffer, self.left());
        self.read = self.read.saturating_add(len);
        len
    }
}

/// `fd_read` of standard input that may not have arrived yet.
pub(super) fn read(
    call: &mut Call<'_>,
    fd: u32,
    (list, count): (u32, u32),
    stored: u32,
) -> Result<(), Fail> {
    call.check(stored, 4)?;
    let buffers = call.buffers(list, count)?;
    let waits = call.state().fds.get(fd)?.flags & fdflags::NONBLOCK == 0;
    let asks = buffers.iter().any(|buffer| buffer.len > 0);
    if asks && !waits && look(call)? == Ready::Later {
        return Err(Errno::Again.into());
    }
    call.work(Reading {
        buffers,
        asks,
        stored,
    })
}

/// How standard input stands, if it is one that arrives during the run.
pub(super) fn look(call: &mut Call<'_>) -> Result<Ready, Halt> {
    let stdin = call.state().stdin.as_mut();
    stdin.map_or(Ok(Ready::Bytes(0)), Stdin::look)
}

/// A guest that reads: its buffers, which were checked.
struct Reading {
    buffers: Vec<Buffer>,
    /// Whether there is room in any of them.
    asks: bool,
    stored: u32,
}

impl Work for Reading {
    fn piece(&mut self, memory: &mut [u8], host: &mut Host) -> Result<Piece, Halt> {
        let (mut total, mut moved) = (0_usize, Vec::new());
        if let Some(stdin) = &mut state_of(host).stdin
            && self.asks
        {
            if stdin.look()? == Ready::Later {
                return Ok(Piece::WAIT);
            }
            for buffer in &self.buffers {
                let bytes = range(memory, buffer.ptr, buffer.len).unwrap_or_default();
                let len = stdin.fill(bytes);
                total = total.saturating_add(len);
                moved.push((buffer.ptr, len));
            }
        }
        moved
            .into_iter()
            .for_each(|(ptr, len)| host.wrote(ptr, len));
        let total = u32::try_from(total).unwrap_or(u32::MAX);
        store(memory, host, self.stored, &total.to_le_bytes());
        Ok(Piece {
            fuel: fuel_for_bytes(total.into()),
            ..Piece::done(Answer::Number(0))
        })
    }
}

/// A range of memory that was checked.
fn range(memory: &mut [u8], ptr: u32, len: u32) -> Option<&mut [u8]> {
    let start = usize::try_from(ptr).ok()?;
    let end = start.checked_add(usize::try_from(len).ok()?)?;
    memory.get_mut(start..end)
}

/// Writes to a range of memory that was checked.
pub(super) fn store(memory: &mut [u8], host: &mut Host, ptr: u32, bytes: &[u8]) {
    let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    if let Some(to) = range(memory, ptr, len) {
        to.copy_from_slice(bytes);
        host.wrote(ptr, bytes.len());
    }
}
