//! Calls that make a file long, which is done in pieces before the call goes on.

use super::{call::Fail, call::state_of, state};
use crate::{
    host::{Answer, Halt, Host, Piece, Work},
    tree::{Errno, Growth},
};

/// A file that grows, and the rest of the call.
pub(super) struct Growing<Rest> {
    mount: usize,
    growth: Growth,
    now: u64,
    rest: Rest,
}

impl<Rest> Growing<Rest>
where
    Rest: FnMut(&mut [u8], &mut Host) -> Result<(), Fail> + Send,
{
    pub(super) fn new(mount: usize, growth: Growth, now: u64, rest: Rest) -> Self {
        Self {
            mount,
            growth,
            now,
            rest,
        }
    }

    /// Does the next piece; returns whether that was all.
    fn go_on(&mut self, memory: &mut [u8], host: &mut Host) -> Result<bool, Fail> {
        let Self { growth, now, .. } = self;
        let is_grown = state::edit(host, self.mount, |files| files.grow_piece(growth, *now))?;
        if is_grown {
            (self.rest)(memory, host)?;
        }
        Ok(is_grown)
    }
}

impl<Rest> Work for Growing<Rest>
where
    Rest: FnMut(&mut [u8], &mut Host) -> Result<(), Fail> + Send,
{
    fn piece(&mut self, memory: &mut [u8], host: &mut Host) -> Result<Piece, Halt> {
        let errno = match self.go_on(memory, host) {
            Ok(false) => None,
            Ok(true) => Some(Errno::Success),
            Err(Fail::Errno(errno)) => Some(errno),
            Err(Fail::Halt(halt)) => return Err(halt),
            // Neither waits nor works on.
            Err(Fail::Number(_) | Fail::Signal(_)) => Some(Errno::Io),
        };
        Ok(Piece {
            fuel: state_of(host).take_work(),
            answer: errno.map(|errno| Answer::Number(errno.number().into())),
            waits: false,
        })
    }
}
