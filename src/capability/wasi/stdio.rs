//! Reading and writing: the run's streams, and files.

use super::{
    abi::{Rights, fdflags},
    call::{Buffer, Call, Fail, state_of},
    clocks,
    fds::Object,
    growing::Growing,
    state, stdin,
};
use crate::{
    host::Host,
    tree::{Errno, Growth},
};
use alloc::vec::Vec;

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
    let buffers = buffers(call, list, stored)?;
    let total = move_each(&buffers, offset, |buffer, at| {
        let (bytes, host) = call.range(buffer)?;
        Ok(fill(host, fd, at, bytes)?)
    })?;
    call.write_u32(stored, total)
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
    let buffers = buffers(call, list, stored)?;
    if let Some((mount, growth)) = begin_growth(call, fd, offset, &buffers)? {
        for buffer in &buffers {
            call.part(*buffer)?;
        }
        return call.work(Growing::new(mount, growth, now, move |memory, host| {
            let total = move_each(&buffers, offset, |buffer, at| {
                let bytes = memory.get(buffer.range()).ok_or(Errno::Fault)?;
                drain(host, fd, at, bytes, now)
            })?;
            let bytes = total.to_le_bytes();
            let range = memory.get_mut(Buffer::of_u32(stored).range());
            range.ok_or(Errno::Fault)?.copy_from_slice(&bytes);
            host.wrote(stored, bytes.len());
            Ok(())
        }));
    }
    let total = move_each(&buffers, offset, |buffer, at| {
        let (bytes, host) = call.part(buffer)?;
        drain(host, fd, at, bytes, now)
    })?;
    call.write_u32(stored, total)
}

/// The buffers of a list, as far as one call moves them.
fn buffers(
    call: &mut Call<'_>,
    (list, count): (u32, u32),
    stored: u32,
) -> Result<Vec<Buffer>, Fail> {
    call.check(stored, 4)?;
    let mut buffers = call.buffers(list, count)?;
    buffers.truncate(MOST_BUFFERS_AT_ONCE);
    let mut left = MOST_AT_ONCE;
    for buffer in &mut buffers {
        buffer.len = buffer.len.min(left);
        left = left.saturating_sub(buffer.len);
    }
    Ok(buffers)
}

/// Moves buffers one by one, until one is not moved whole; returns how many bytes were.
fn move_each(
    buffers: &[Buffer],
    offset: Option<u64>,
    mut moves: impl FnMut(Buffer, Option<u64>) -> Result<usize, Fail>,
) -> Result<u32, Fail> {
    let mut total = 0_u32;
    for buffer in buffers {
        let at = offset.map(|offset| offset.saturating_add(u64::from(total)));
        let moved = match moves(*buffer, at) {
            Ok(moved) => moved,
            // What was moved before stays moved, so the guest is told of that.
            Err(Fail::Errno(_)) if total > 0 => break,
            Err(fail) => return Err(fail),
        };
        total = total.saturating_add(u32::try_from(moved).unwrap_or(u32::MAX));
        if moved < bytes_of(*buffer) || total >= MOST_AT_ONCE {
            break;
        }
    }
    Ok(total)
}

/// Begins to make a file as long as a write makes it, if that takes long.
fn begin_growth(
    call: &mut Call<'_>,
    fd: u32,
    offset: Option<u64>,
    buffers: &[Buffer],
) -> Result<Option<(usize, Growth)>, Errno> {
    let host = call.host();
    let descriptor = state_of(host).fds.get(fd)?;
    let Object::File { mount, node, .. } = descriptor.object else {
        return Ok(None);
    };
    let from = place(host, fd, offset)?;
    let len = buffers.iter().map(|buffer| u64::from(buffer.len)).sum();
    let growth = state::edit(host, mount, |files| files.begin_write(node, from, len))?;
    Ok(growth.map(|growth| (mount, growth)))
}

/// No more bytes are moved by one call, as nothing looks at the clock meanwhile: some 200 us.
const MOST_AT_ONCE: u32 = 1 << 20;
/// Nor more buffers: for each the machine may be asked twice.
const MOST_BUFFERS_AT_ONCE: usize = 128;

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
        Object::File { mount, node, .. } => {
            let from = place(host, fd, at)?;
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

/// Where in a file a write begins: at its end where the descriptor appends.
fn place(host: &mut Host, fd: u32, at: Option<u64>) -> Result<u64, Errno> {
    let state = state_of(host);
    let descriptor = state.fds.get(fd)?;
    let Object::File {
        mount,
        node,
        offset,
    } = descriptor.object
    else {
        return Err(Errno::Badf);
    };
    if descriptor.flags & fdflags::APPEND != 0 {
        Ok(state.files(mount)?.stat(node)?.size)
    } else {
        Ok(at.unwrap_or(offset))
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
