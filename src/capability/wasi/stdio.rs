//! Reading and writing: the run's streams, and files.

use super::{
    abi::{Rights, fdflags},
    call::{Buffer, Call, Fail, state_of},
    clocks,
    fds::Object,
    state, stdin,
};
use crate::{host::Host, tree::Errno};

/// `fd_read`, and `fd_pread` where there is an `offset`.
pub(super) fn read(
    call: &mut Call<'_>,
    fd: u32,
    list: (u32, u32),
    offset: Option<u64>,
    stored: u32,
) -> Result<(), Fail> {
    require(call, fd, Rights::FD_READ, offset)?;
    if call.state().stdin.is_some() && matches!(call.state().fds.get(fd)?.object, Object::Stdin) {
        return stdin::read(call, fd, list, stored);
    }
    each_buffer(call, list, offset, stored, |host, at, bytes| {
        Ok(fill(host, fd, at, bytes)?)
    })
}

/// `fd_write`, and `fd_pwrite` where there is an `offset`.
pub(super) fn write(
    call: &mut Call<'_>,
    fd: u32,
    list: (u32, u32),
    offset: Option<u64>,
    stored: u32,
) -> Result<(), Fail> {
    require(call, fd, Rights::FD_WRITE, offset)?;
    let now = clocks::now(call)?;
    each_buffer(call, list, offset, stored, |host, at, bytes| {
        drain(host, fd, at, bytes, now)
    })
}

/// Moves the buffers of a list one by one, until one is not moved whole or it is enough for one call, and
/// stores how many bytes were.
fn each_buffer(
    call: &mut Call<'_>,
    (list, count): (u32, u32),
    offset: Option<u64>,
    stored: u32,
    mut moves: impl FnMut(&mut Host, Option<u64>, &mut [u8]) -> Result<usize, Fail>,
) -> Result<(), Fail> {
    call.check(stored, 4)?;
    let mut total = 0_u32;
    for (mut buffer, number) in call.buffers(list, count)?.into_iter().zip(1_u32..) {
        buffer.len = buffer.len.min(MOST_AT_ONCE.saturating_sub(total));
        let at = offset.map(|offset| offset.saturating_add(u64::from(total)));
        let (bytes, host) = call.range(buffer)?;
        let moved = match moves(host, at, bytes) {
            Ok(moved) => moved,
            // What was moved before stays moved, so the guest is told of that.
            Err(Fail::Errno(_)) if total > 0 => break,
            Err(fail) => return Err(fail),
        };
        total = total.saturating_add(u32::try_from(moved).unwrap_or(u32::MAX));
        let is_enough = total >= MOST_AT_ONCE || number >= MOST_BUFFERS_AT_ONCE;
        if moved < bytes_of(buffer) || is_enough {
            break;
        }
    }
    call.write_u32(stored, total)
}

/// No more bytes are moved by one call, as nothing looks at the clock meanwhile: some 200 us.
const MOST_AT_ONCE: u32 = 1 << 20;
/// Nor more buffers: for each the machine may be asked twice.
const MOST_BUFFERS_AT_ONCE: u32 = 128;

/// Whether a descriptor is open in this direction, and at an offset where one is given.
fn require(
    call: &mut Call<'_>,
    fd: u32,
    direction: Rights,
    offset: Option<u64>,
) -> Result<(), Errno> {
    let descriptor = call.state().fds.get(fd)?;
    if !descriptor.rights.contains(direction) {
        return Err(Errno::Badf);
    }
    if offset.is_some() && !descriptor.rights.contains(Rights::FD_SEEK) {
        return Err(unseekable(&descriptor.object));
    }
    Ok(())
}

/// Fills `buffer` from a descriptor; returns how many bytes there were.
fn fill(host: &mut Host, fd: u32, at: Option<u64>, buffer: &mut [u8]) -> Result<usize, Errno> {
    let Host { states, input, .. } = host;
    let state: &mut state::State = states
        .get_mut()
        .expect("a granted capability is prepared for every run");
    let object = state.fds.get(fd)?.object.clone();
    match object {
        Object::Stdin => {
            let rest = input.get(state.input_read..).unwrap_or_default();
            let len = copy(buffer, rest);
            state.input_read = state.input_read.saturating_add(len);
            Ok(len)
        }
        Object::File {
            mount,
            node,
            offset,
        } => {
            let from = at.unwrap_or(offset);
            let len = state.files(mount)?.read_at(node, from, buffer)?;
            if at.is_none() {
                advance(state, fd, from, len)?;
            }
            Ok(len)
        }
        Object::Stdout | Object::Stderr | Object::Directory { .. } => Err(Errno::Badf),
    }
}

/// Writes `bytes` to a descriptor; returns how many it took.
fn drain(host: &mut Host, fd: u32, at: Option<u64>, bytes: &[u8], now: u64) -> Result<usize, Fail> {
    let descriptor = state_of(host).fds.get(fd)?.clone();
    match descriptor.object {
        Object::Stdout => {
            host.record.write(bytes)?;
            Ok(bytes.len())
        }
        Object::Stderr => {
            host.record.write_stderr(bytes);
            Ok(bytes.len())
        }
        Object::File {
            mount,
            node,
            offset,
        } => {
            let appends = descriptor.flags & fdflags::APPEND != 0;
            let from = if appends {
                state_of(host).files(mount)?.stat(node)?.size
            } else {
                at.unwrap_or(offset)
            };
            let written = if bytes.is_empty() {
                0
            } else {
                state::edit(host, mount, |files| files.write_at(node, from, bytes, now))?
            };
            if at.is_none() {
                advance(state_of(host), fd, from, written)?;
            }
            Ok(written)
        }
        Object::Stdin | Object::Directory { .. } => Err(Errno::Badf.into()),
    }
}

fn advance(state: &mut state::State, fd: u32, from: u64, by: usize) -> Result<(), Errno> {
    if let Object::File { offset, .. } = &mut state.fds.get_mut(fd)?.object {
        *offset = from.saturating_add(u64::try_from(by).unwrap_or(u64::MAX));
    }
    Ok(())
}

pub(super) fn copy(buffer: &mut [u8], from: &[u8]) -> usize {
    let len = buffer.len().min(from.len());
    if let (Some(to), Some(from)) = (buffer.get_mut(..len), from.get(..len)) {
        to.copy_from_slice(from);
    }
    len
}

/// Why a descriptor without the right to seek cannot be read or written at an offset.
fn unseekable(object: &Object) -> Errno {
    match object {
        Object::Stdin | Object::Stdout | Object::Stderr => Errno::Spipe,
        Object::File { .. } | Object::Directory { .. } => Errno::Notcapable,
    }
}

fn bytes_of(buffer: Buffer) -> usize {
    usize::try_from(buffer.len).unwrap_or(usize::MAX)
}
