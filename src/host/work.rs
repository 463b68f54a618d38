//! Work: a host call that takes long, done in pieces.
//!
//! Between two pieces the clock and the cancel token are looked at, and a step may return. So a call may do
//! any amount of work, as long as each piece of it is short.

use super::{Halt, Host, Signal, ledger, memory};
use core::ops::Range;
use wasmi::AsContextMut;

/// What is left to do of a host call.
pub(crate) trait Work: Send {
    /// Does the next piece, in about 100 us. `memory` is all that the guest exports.
    ///
    /// How much it does must depend on nothing but the work: fuel and results never depend on time.
    ///
    /// # Errors
    /// What stops the run.
    fn piece(&mut self, memory: &mut [u8], host: &mut Host) -> Result<Piece, Halt>;
}

/// What a piece of work came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Piece {
    /// What it costs.
    pub(crate) fuel: u64,
    /// What the call returns, once all is done.
    pub(crate) answer: Option<Answer>,
    /// Whether there is nothing to do for now: it waits for somebody else, and is asked again after a short while.
    pub(crate) waits: bool,
}

impl Piece {
    /// There is more to do. What is done was paid for before.
    pub(crate) const MORE: Self = Self {
        fuel: 0,
        answer: None,
        waits: false,
    };

    /// What is needed to go on has not arrived yet.
    pub(crate) const WAIT: Self = Self {
        waits: true,
        ..Self::MORE
    };

    /// All is done, and was paid for before.
    pub(crate) fn done(answer: Answer) -> Self {
        Self {
            answer: Some(answer),
            ..Self::MORE
        }
    }
}

/// Work on a range of guest memory that was checked and paid for, from its start to its end.
pub(crate) struct InPieces<Each> {
    range: Range<usize>,
    piece_bytes: usize,
    each: Each,
    answer: Answer,
}

impl<Each> InPieces<Each>
where
    Each: FnMut(&mut [u8], &mut Host) -> Result<(), Halt> + Send,
{
    /// Does `each` to pieces of at most `piece_bytes`, then answers.
    pub(crate) fn new(
        (ptr, len): (u32, u32),
        piece_bytes: usize,
        each: Each,
        answer: Answer,
    ) -> Self {
        let start = usize::try_from(ptr).unwrap_or(usize::MAX);
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        Self {
            range: start..start.saturating_add(len),
            piece_bytes,
            each,
            answer,
        }
    }
}

impl<Each> Work for InPieces<Each>
where
    Each: FnMut(&mut [u8], &mut Host) -> Result<(), Halt> + Send,
{
    fn piece(&mut self, memory: &mut [u8], host: &mut Host) -> Result<Piece, Halt> {
        let end = self.range.start.saturating_add(self.piece_bytes);
        let end = end.min(self.range.end);
        if let Some(bytes) = memory.get_mut(self.range.start..end) {
            (self.each)(bytes, host)?;
        }
        self.range.start = end;
        Ok(if self.range.is_empty() {
            Piece::done(self.answer)
        } else {
            Piece::MORE
        })
    }
}

/// What a host call returns to the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Nothing,
    Number(i32),
}

/// Why a host call does not return.
pub(crate) enum Break {
    Halt(Halt),
    Signal(Signal),
}

impl From<Halt> for Break {
    fn from(halt: Halt) -> Self {
        Self::Halt(halt)
    }
}

impl From<Break> for wasmi::Error {
    #[cold]
    fn from(reason: Break) -> Self {
        match reason {
            Break::Halt(halt) => halt.raise(),
            Break::Signal(signal) => signal.into(),
        }
    }
}

/// Does a piece of `work` and takes its price.
pub(crate) fn do_piece(
    mut context: impl AsContextMut<Data = Host>,
    work: &mut dyn Work,
) -> Result<Piece, Halt> {
    let piece = memory::with_whole(&mut context, |memory, host| work.piece(memory, host))?;
    ledger::pay(context, piece.fuel)?;
    Ok(piece)
}
