//! Listing a directory, in pieces.

use super::{
    abi::{Record, Rights},
    call::{Buffer, Call, Fail, state_of},
    files::file_type,
    state,
};
use crate::{
    host::{Answer, Halt, Host, Piece, Work},
    tree::{Errno, Line, Listed, NodeId},
};
use core::ops::Range;

/// A listing that is being written to guest memory: to ranges that were checked and paid for.
struct Listing {
    mount: usize,
    node: NodeId,
    cookie: u64,
    buffer: Range<usize>,
    /// How many bytes of the buffer are used.
    used: usize,
    /// Where that goes.
    stored: Buffer,
}

pub(super) fn readdir(
    call: &mut Call<'_>,
    fd: u32,
    (buffer, len): (u32, u32),
    cookie: u64,
    stored: u32,
) -> Result<(), Fail> {
    let (mount, node) = call.state().fds.directory(fd, Rights::FD_READDIR)?;
    call.check(stored, 4)?;
    let (_, host) = call.range(Buffer { ptr: buffer, len })?;
    state::edit(host, mount, |files| files.begin_listing(node, cookie))?;
    call.work(Listing {
        mount,
        node,
        cookie,
        buffer: Buffer { ptr: buffer, len }.range(),
        used: 0,
        stored: Buffer::of_u32(stored),
    })
}

impl Work for Listing {
    fn piece(&mut self, memory: &mut [u8], host: &mut Host) -> Result<Piece, Halt> {
        let answer = match self.go_on(memory, host) {
            Ok(false) => None,
            Ok(true) => Some(self.store_used(memory, host)),
            Err(errno) => Some(errno),
        };
        Ok(Piece {
            fuel: state_of(host).take_work(),
            answer: answer.map(|errno| Answer::Number(errno.number().into())),
            ..Piece::MORE
        })
    }
}

impl Listing {
    /// Writes a piece of the listing; returns whether that was all.
    fn go_on(&mut self, memory: &mut [u8], host: &mut Host) -> Result<bool, Errno> {
        let Self {
            mount,
            node,
            cookie,
            buffer,
            used,
            ..
        } = self;
        let buffer = memory.get_mut(buffer.clone()).ok_or(Errno::Fault)?;
        let mut each = |line: Line<'_>| {
            let name = line.name.as_bytes();
            let entry = Record::<24>::new()
                .u64(0, line.next)
                .u64(8, line.inode)
                .u32(16, u32::try_from(name.len()).unwrap_or(u32::MAX))
                .u8(20, file_type(line.kind) as u8);
            // The last entry may be cut: the guest then knows that there is more.
            for part in [entry.bytes(), name] {
                *used = used.saturating_add(put(buffer.get_mut(*used..), part));
            }
            *used < buffer.len()
        };
        let listed = state::edit(host, *mount, |files| {
            files.read_dir(*node, *cookie, &mut each)
        })?;
        match listed {
            Listed::All => Ok(true),
            Listed::More { from } => {
                *cookie = from;
                Ok(false)
            }
        }
    }

    fn store_used(&self, memory: &mut [u8], host: &mut Host) -> Errno {
        let used = u32::try_from(self.used).unwrap_or(u32::MAX);
        match memory.get_mut(self.stored.range()) {
            Some(stored) => {
                stored.copy_from_slice(&used.to_le_bytes());
                host.wrote(self.stored.ptr, stored.len());
                Errno::Success
            }
            None => Errno::Fault,
        }
    }
}

/// Puts as much of `bytes` into `room` as fits; returns how many did.
fn put(room: Option<&mut [u8]>, bytes: &[u8]) -> usize {
    let room = room.unwrap_or_default();
    let len = room.len().min(bytes.len());
    if let (Some(room), Some(bytes)) = (room.get_mut(..len), bytes.get(..len)) {
        room.copy_from_slice(bytes);
    }
    len
}
