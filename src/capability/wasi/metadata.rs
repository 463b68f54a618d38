//! What can be known of descriptors and files, and what of it can be changed.

use super::{
    abi::{FileType, Record, Rights, fdflags, fstflags},
    call::{Call, Fail},
    clocks,
    fds::Object,
    files::file_type,
    state,
};
use crate::tree::{Errno, Stat};
use alloc::string::String;

pub(super) fn fdstat_get(call: &mut Call<'_>, fd: u32, stat: u32) -> Result<(), Fail> {
    let descriptor = call.state().fds.get(fd)?;
    let record = Record::<24>::new()
        .u8(0, descriptor.object.file_type() as u8)
        .u16(2, descriptor.flags)
        .u64(8, descriptor.rights.0)
        .u64(16, descriptor.inheriting.0);
    call.write(stat, record.bytes())
}

pub(super) fn fdstat_set_flags(call: &mut Call<'_>, fd: u32, flags: u32) -> Result<(), Fail> {
    let flags = flags_within(flags, fdflags::ALL)?;
    let descriptor = call.state().fds.get_mut(fd)?;
    if !descriptor.rights.contains(Rights::FD_FDSTAT_SET_FLAGS) {
        return Err(Errno::Notcapable.into());
    }
    descriptor.flags = flags;
    Ok(())
}

/// Rights can only be given up.
pub(super) fn fdstat_set_rights(
    call: &mut Call<'_>,
    fd: u32,
    base: u64,
    inheriting: u64,
) -> Result<(), Fail> {
    let (base, inheriting) = (Rights(base), Rights(inheriting));
    let descriptor = call.state().fds.get_mut(fd)?;
    if !descriptor.rights.contains(base) || !descriptor.inheriting.contains(inheriting) {
        return Err(Errno::Notcapable.into());
    }
    descriptor.rights = base;
    descriptor.inheriting = inheriting;
    Ok(())
}

pub(super) fn filestat_get(call: &mut Call<'_>, fd: u32, stat: u32) -> Result<(), Fail> {
    let state = call.state();
    let descriptor = state.fds.get(fd)?;
    if !descriptor.rights.contains(Rights::FD_FILESTAT_GET) {
        return Err(Errno::Notcapable.into());
    }
    let record = match descriptor.object {
        Object::File { mount, node, .. } | Object::Directory { mount, node, .. } => {
            filestat(mount, &state.files(mount)?.stat(node)?)
        }
        Object::Stdin | Object::Stdout | Object::Stderr => {
            Record::new().u8(16, FileType::Unknown as u8).u64(24, 1)
        }
    };
    call.write(stat, record.bytes())
}

pub(super) fn filestat_set_times(
    call: &mut Call<'_>,
    fd: u32,
    atim: u64,
    mtim: u64,
    flags: u32,
) -> Result<(), Fail> {
    let descriptor = call.state().fds.get(fd)?.clone();
    let (Object::File { mount, node, .. } | Object::Directory { mount, node, .. }) =
        descriptor.object
    else {
        return Err(Errno::Inval.into());
    };
    if !descriptor.rights.contains(Rights::FD_FILESTAT_SET_TIMES) {
        return Err(Errno::Notcapable.into());
    }
    let now = clocks::now(call)?;
    let times = Times::new(atim, mtim, flags, now)?;
    state::edit(call.host(), mount, |files| {
        files.set_times(node, times.accessed, times.modified, now)
    })?;
    Ok(())
}

pub(super) fn prestat_get(call: &mut Call<'_>, fd: u32, prestat: u32) -> Result<(), Fail> {
    let name = preopen(call, fd)?;
    let len = u32::try_from(name.len()).map_err(|_| Errno::Overflow)?;
    call.write(prestat, Record::<8>::new().u32(4, len).bytes())
}

pub(super) fn prestat_dir_name(
    call: &mut Call<'_>,
    fd: u32,
    path: u32,
    path_len: u32,
) -> Result<(), Fail> {
    let name = preopen(call, fd)?;
    if u32::try_from(name.len()).is_ok_and(|len| len <= path_len) {
        call.write(path, name.as_bytes())
    } else {
        Err(Errno::Nametoolong.into())
    }
}

/// The name of a mount, if `fd` is the descriptor that the run began with for it.
fn preopen(call: &mut Call<'_>, fd: u32) -> Result<String, Errno> {
    let state = call.state();
    match state.fds.get(fd)?.object {
        Object::Directory {
            mount,
            is_preopen: true,
            ..
        } => state
            .mounts
            .get(mount)
            .map(|mount| mount.name.clone())
            .ok_or(Errno::Badf),
        _ => Err(Errno::Badf),
    }
}

/// A `filestat` record; each mount is a device of its own.
pub(super) fn filestat(mount: usize, stat: &Stat) -> Record<64> {
    Record::new()
        .u64(
            0,
            u64::try_from(mount).unwrap_or(u64::MAX).saturating_add(1),
        )
        .u64(8, stat.inode)
        .u8(16, file_type(stat.kind) as u8)
        .u64(24, stat.links)
        .u64(32, stat.size)
        .u64(40, stat.accessed)
        .u64(48, stat.modified)
        .u64(56, stat.changed)
}

/// Which times to set, and to what.
pub(super) struct Times {
    pub(super) accessed: Option<u64>,
    pub(super) modified: Option<u64>,
}

impl Times {
    pub(super) fn new(atim: u64, mtim: u64, flags: u32, now: u64) -> Result<Self, Errno> {
        let flags = flags_within(flags, fstflags::ALL)?;
        let choose = |given: u16, current: u16, time: u64| match (
            flags & given != 0,
            flags & current != 0,
        ) {
            (true, true) => Err(Errno::Inval),
            (true, false) => Ok(Some(time)),
            (false, true) => Ok(Some(now)),
            (false, false) => Ok(None),
        };
        Ok(Self {
            accessed: choose(fstflags::ATIM, fstflags::ATIM_NOW, atim)?,
            modified: choose(fstflags::MTIM, fstflags::MTIM_NOW, mtim)?,
        })
    }
}

/// 16 bits of flags, none but those in `all`.
pub(super) fn flags_within(flags: u32, all: u16) -> Result<u16, Errno> {
    match u16::try_from(flags) {
        Ok(flags) if flags & !all == 0 => Ok(flags),
        _ => Err(Errno::Inval),
    }
}
