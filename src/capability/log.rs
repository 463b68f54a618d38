//! The capability `Log`: log lines, bounded, into the report.

use super::{Declared, Grants, Opening, Signature};
use crate::{
    host::{Answer, Break, Caller, Halt, Host, Line, Piece, StoreMut, Work, whole_characters},
    value::ValueType::I32,
};
use core::ops::Range;
use fuelbox_guest::protocol;

/// Lets a guest log: `host_log`.
///
/// Lines go into [`Report::logs`](crate::Report::logs) and, as `debug` events with the target
/// `fuelbox::guest`, to `tracing`.
#[derive(Clone, Copy, Debug)]
pub struct Log;

impl Opening for Log {
    fn open(self, grants: &mut Grants) {
        grants.grant(FUNCTIONS);
    }
}

const CAPABILITY: &str = "Log";

pub(super) const FUNCTIONS: &[Declared] = &[Declared {
    signature: Signature {
        capability: CAPABILITY,
        module: protocol::MODULE,
        name: protocol::HOST_LOG,
        params: &[I32, I32],
        results: &[],
        reaches_memory: true,
    },
    link: |import| import.wrap(host_log),
}];

fn host_log(caller: StoreMut<'_>, ptr: u32, len: u32) -> Result<(), wasmi::Error> {
    fn log(caller: StoreMut<'_>, ptr: u32, len: u32) -> Result<(), Break> {
        let mut caller = Caller::enter(caller, protocol::HOST_LOG)?;
        let (line, host) = caller.part(ptr, len)?;
        if line.len() <= PIECE_BYTES {
            host.record.log(line);
            return Ok(caller.look_after(len)?);
        }
        if let Some(line) = host.record.begin_line() {
            let start = usize::try_from(ptr).unwrap_or(usize::MAX);
            let len = usize::try_from(len).unwrap_or(usize::MAX);
            caller.work(Logging {
                range: start..start.saturating_add(len),
                line: Some(line),
            })?;
        }
        Ok(())
    }
    Ok(log(caller, ptr, len)?)
}

/// As many bytes take some 200 us where they are no text.
const PIECE_BYTES: usize = 64 << 10;

/// A long line that is read piece by piece, from a range that was checked and paid for.
struct Logging {
    range: Range<usize>,
    /// What was read of it, until that is kept.
    line: Option<Line>,
}

impl Work for Logging {
    fn piece(&mut self, memory: &mut [u8], host: &mut Host) -> Result<Piece, Halt> {
        let rest = memory.get(self.range.clone()).unwrap_or_default();
        let piece = whole_characters(rest, PIECE_BYTES);
        self.range.start = self.range.start.saturating_add(piece.len());
        let fits = self.line.as_mut().is_some_and(|line| line.push(piece));
        if fits && piece.len() < rest.len() {
            return Ok(Piece::MORE);
        }
        if let Some(line) = self.line.take() {
            host.record.end_line(line);
        }
        Ok(Piece::done(Answer::Nothing))
    }
}
