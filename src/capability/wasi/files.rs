//! Open files and directories: offsets, sizes, closing.

use super::{
    abi::{ADVICE_MOST, FileType, Rights},
    call::{Call, Fail},
    clocks,
    fds::Object,
    growing::Growing,
    state,
};
use crate::{
    host::Host,
    tree::{Errno, Kind},
};

pub(super) fn close(call: &mut Call<'_>, fd: u32) -> Result<(), Fail> {
    let state = call.state();
    let closed = state.fds.close(fd)?;
    state.closed(&closed);
    Ok(())
}

pub(super) fn renumber(call: &mut Call<'_>, from: u32, to: u32) -> Result<(), Fail> {
    let state = call.state();
    if let Some(closed) = state.fds.renumber(from, to)? {
        state.closed(&closed);
    }
    Ok(())
}

/// There is nothing to wait for: what is written is written.
pub(super) fn sync(call: &mut Call<'_>, fd: u32, right: Rights) -> Result<(), Fail> {
    match call.state().fds.get(fd)?.object {
        Object::File { .. } | Object::Directory { .. } => Ok(require(call, fd, right)?),
        Object::Stdin | Object::Stdout | Object::Stderr => Err(Errno::Inval.into()),
    }
}

pub(super) fn advise(
    call: &mut Call<'_>,
    fd: u32,
    offset: u64,
    len: u64,
    advice: u32,
) -> Result<(), Fail> {
    file_with(call, fd, Rights::FD_ADVISE)?;
    if advice > ADVICE_MOST || offset.checked_add(len).is_none() {
        return Err(Errno::Inval.into());
    }
    Ok(())
}

pub(super) fn allocate(call: &mut Call<'_>, fd: u32, offset: u64, len: u64) -> Result<(), Fail> {
    let (mount, node) = file_with(call, fd, Rights::FD_ALLOCATE)?;
    if len == 0 {
        return Err(Errno::Inval.into());
    }
    let now = clocks::now(call)?;
    let host = call.host();
    let growth = state::edit(host, mount, |files| {
        files.begin_allocation(node, offset, len)
    })?;
    let allocate = move |host: &mut Host| {
        state::edit(host, mount, |files| files.allocate(node, offset, len, now))
    };
    let Some(growth) = growth else {
        return Ok(allocate(host)?);
    };
    let rest = move |_: &mut [u8], host: &mut Host| Ok(allocate(host)?);
    call.work(Growing::new(mount, growth, now, rest))
}

pub(super) fn set_size(call: &mut Call<'_>, fd: u32, size: u64) -> Result<(), Fail> {
    let (mount, node) = match call.state().fds.get(fd)?.object {
        Object::Stdin | Object::Stdout | Object::Stderr => return Err(Errno::Inval.into()),
        Object::File { .. } | Object::Directory { .. } => {
            file_with(call, fd, Rights::FD_FILESTAT_SET_SIZE)?
        }
    };
    let now = clocks::now(call)?;
    let host = call.host();
    let growth = state::edit(host, mount, |files| files.begin_growth(node, size))?;
    let set_size =
        move |host: &mut Host| state::edit(host, mount, |files| files.set_size(node, size, now));
    let Some(growth) = growth else {
        return Ok(set_size(host)?);
    };
    let rest = move |_: &mut [u8], host: &mut Host| Ok(set_size(host)?);
    call.work(Growing::new(mount, growth, now, rest))
}

pub(super) fn seek(
    call: &mut Call<'_>,
    fd: u32,
    delta: i64,
    whence: u32,
    stored: u32,
) -> Result<(), Fail> {
    call.check(stored, 8)?;
    let (mount, node, offset) = call.state().fds.file(fd)?;
    if whence == 1 && delta == 0 {
        require_tell(call, fd)?;
    } else {
        require(call, fd, Rights::FD_SEEK)?;
    }
    let base = match whence {
        0 => 0,
        1 => offset,
        2 => call.state().files(mount)?.stat(node)?.size,
        _ => return Err(Errno::Inval.into()),
    };
    let sought = base.checked_add_signed(delta).ok_or(Errno::Inval)?;
    // As far as an offset with a sign goes, which is what programs hold it in.
    i64::try_from(sought).map_err(|_| Errno::Overflow)?;
    if let Object::File { offset, .. } = &mut call.state().fds.get_mut(fd)?.object {
        *offset = sought;
    }
    call.write_u64(stored, sought)
}

pub(super) fn tell(call: &mut Call<'_>, fd: u32, stored: u32) -> Result<(), Fail> {
    let (_, _, offset) = call.state().fds.file(fd)?;
    require_tell(call, fd)?;
    call.write_u64(stored, offset)
}

pub(super) fn file_type(kind: Kind) -> FileType {
    match kind {
        Kind::Directory => FileType::Directory,
        Kind::File => FileType::RegularFile,
        Kind::Symlink => FileType::SymbolicLink,
        #[cfg(feature = "dir")]
        Kind::Other => FileType::Unknown,
    }
}

fn file_with(
    call: &mut Call<'_>,
    fd: u32,
    right: Rights,
) -> Result<(usize, crate::tree::NodeId), Fail> {
    let (mount, node, _) = call.state().fds.file(fd)?;
    require(call, fd, right)?;
    Ok((mount, node))
}

fn require(call: &mut Call<'_>, fd: u32, right: Rights) -> Result<(), Errno> {
    if call.state().fds.get(fd)?.rights.contains(right) {
        Ok(())
    } else {
        Err(Errno::Notcapable)
    }
}

/// The right to seek implies the right to tell.
fn require_tell(call: &mut Call<'_>, fd: u32) -> Result<(), Errno> {
    require(call, fd, Rights::FD_TELL).or_else(|_| require(call, fd, Rights::FD_SEEK))
}
