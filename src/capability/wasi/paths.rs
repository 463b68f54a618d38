//! Paths: opening, and everything that happens by name.

use super::{
    abi::{Rights, SYMLINK_FOLLOW, fdflags, oflags},
    call::{Call, Fail},
    clocks,
    fds::{Descriptor, Object},
    metadata::{Times, filestat, flags_within},
    state,
};
use crate::{
    files::Files,
    tree::{At, Errno, Kind, NodeId, Open as HowToOpen},
};
use alloc::string::String;

/// A path in guest memory: pointer and length.
type Path = (u32, u32);

/// How `path_open` is asked to open.
pub(super) struct Open {
    pub(super) oflags: u32,
    pub(super) base: u64,
    pub(super) inheriting: u64,
    pub(super) fdflags: u32,
}

/// A path that starts at an open directory.
struct Place {
    mount: usize,
    base: NodeId,
    path: String,
}

impl Place {
    fn at(&self) -> At<'_> {
        At {
            base: self.base,
            path: self.path.as_bytes(),
        }
    }
}

pub(super) fn open(
    call: &mut Call<'_>,
    fd: u32,
    dirflags: u32,
    path: Path,
    how: &Open,
    opened: u32,
) -> Result<(), Fail> {
    call.check(opened, 4)?;
    let follow = follows(dirflags)?;
    let oflags = flags_within(how.oflags, oflags::ALL)?;
    let fdflags = flags_within(how.fdflags, fdflags::ALL)?;
    let wants = |flag: u16| oflags & flag != 0;
    let place = place(call, fd, path, rights_to_open(oflags))?;
    let (base, inheriting) = (Rights(how.base), Rights(how.inheriting));
    let parent = call.state().fds.get(fd)?.inheriting;
    // Rights that belong to neither files nor directories are asked for without effect, which is no fault.
    let known = Rights::FILE.and(Rights::DIRECTORY);
    let (base, inheriting) = (base.within(known), inheriting.within(known));
    if !parent.contains(base) || !parent.contains(inheriting) || !may_sync(parent, fdflags) {
        return Err(Errno::Notcapable.into());
    }
    if wants(oflags::CREAT) && wants(oflags::DIRECTORY) {
        return Err(Errno::Inval.into());
    }
    // Before a file is made or cut.
    call.state().fds.must_have_room()?;
    let how = HowToOpen {
        follow,
        create: wants(oflags::CREAT),
        exclusive: wants(oflags::EXCL),
        directory: wants(oflags::DIRECTORY),
        truncate: wants(oflags::TRUNC),
        write: base.contains(Rights::FD_WRITE),
    };
    let now = clocks::now(call)?;
    let (node, kind) = edit(call, place.mount, |files| files.open(place.at(), how, now))?;
    let (object, rights) = match kind {
        Kind::Directory => (
            Object::Directory {
                mount: place.mount,
                node,
                is_preopen: false,
            },
            Rights::DIRECTORY,
        ),
        _ => (
            Object::File {
                mount: place.mount,
                node,
                offset: 0,
            },
            Rights::FILE,
        ),
    };
    let descriptor = Descriptor {
        object,
        rights: base.within(rights),
        inheriting,
        flags: fdflags,
    };
    let fd = call.state().fds.insert(descriptor)?;
    call.write_u32(opened, fd)
}

pub(super) fn create_directory(call: &mut Call<'_>, fd: u32, path: Path) -> Result<(), Fail> {
    let place = place(call, fd, path, Rights::PATH_CREATE_DIRECTORY)?;
    let now = clocks::now(call)?;
    edit(call, place.mount, |files| files.create_dir(place.at(), now))
}

pub(super) fn remove_directory(call: &mut Call<'_>, fd: u32, path: Path) -> Result<(), Fail> {
    let place = place(call, fd, path, Rights::PATH_REMOVE_DIRECTORY)?;
    let now = clocks::now(call)?;
    edit(call, place.mount, |files| files.remove_dir(place.at(), now))
}

pub(super) fn unlink_file(call: &mut Call<'_>, fd: u32, path: Path) -> Result<(), Fail> {
    let place = place(call, fd, path, Rights::PATH_UNLINK_FILE)?;
    let now = clocks::now(call)?;
    edit(call, place.mount, |files| files.unlink(place.at(), now))
}

pub(super) fn rename(
    call: &mut Call<'_>,
    old_fd: u32,
    old: Path,
    new_fd: u32,
    new: Path,
) -> Result<(), Fail> {
    let from = place(call, old_fd, old, Rights::PATH_RENAME_SOURCE)?;
    let to = place(call, new_fd, new, Rights::PATH_RENAME_TARGET)?;
    let now = clocks::now(call)?;
    same_mount(&from, &to)?;
    edit(call, from.mount, |files| {
        files.rename(from.at(), to.at(), now)
    })
}

pub(super) fn link(
    call: &mut Call<'_>,
    old_fd: u32,
    old_flags: u32,
    old: Path,
    new_fd: u32,
    new: Path,
) -> Result<(), Fail> {
    let follow = follows(old_flags)?;
    let from = place(call, old_fd, old, Rights::PATH_LINK_SOURCE)?;
    let to = place(call, new_fd, new, Rights::PATH_LINK_TARGET)?;
    let now = clocks::now(call)?;
    same_mount(&from, &to)?;
    edit(call, from.mount, |files| {
        files.create_link(from.at(), follow, to.at(), now)
    })
}

pub(super) fn symlink(call: &mut Call<'_>, target: Path, fd: u32, path: Path) -> Result<(), Fail> {
    let target = call.path(target.0, target.1)?;
    let place = place(call, fd, path, Rights::PATH_SYMLINK)?;
    let now = clocks::now(call)?;
    edit(call, place.mount, |files| {
        files.create_symlink(target.as_bytes(), place.at(), now)
    })
}

pub(super) fn readlink(
    call: &mut Call<'_>,
    fd: u32,
    path: Path,
    (buffer, buffer_len): (u32, u32),
    stored: u32,
) -> Result<(), Fail> {
    let place = place(call, fd, path, Rights::PATH_READLINK)?;
    call.check(buffer, buffer_len)?;
    call.check(stored, 4)?;
    let mut target = call
        .state()
        .files(place.mount)?
        .read_link(place.at())?
        .into_bytes();
    target.truncate(usize::try_from(buffer_len).unwrap_or(usize::MAX));
    call.write(buffer, &target)?;
    call.write_u32(stored, u32::try_from(target.len()).unwrap_or(u32::MAX))
}

pub(super) fn filestat_get(
    call: &mut Call<'_>,
    fd: u32,
    flags: u32,
    path: Path,
    stat: u32,
) -> Result<(), Fail> {
    let follow = follows(flags)?;
    let place = place(call, fd, path, Rights::PATH_FILESTAT_GET)?;
    let found = call
        .state()
        .files(place.mount)?
        .stat_at(place.at(), follow)?;
    let record = filestat(place.mount, &found);
    call.write(stat, record.bytes())
}

pub(super) fn filestat_set_times(
    call: &mut Call<'_>,
    fd: u32,
    flags: u32,
    path: Path,
    (atim, mtim, fst_flags): (u64, u64, u32),
) -> Result<(), Fail> {
    let follow = follows(flags)?;
    let place = place(call, fd, path, Rights::PATH_FILESTAT_SET_TIMES)?;
    let now = clocks::now(call)?;
    let times = Times::new(atim, mtim, fst_flags, now)?;
    edit(call, place.mount, |files| {
        files.set_times_at(place.at(), follow, (times.accessed, times.modified), now)
    })
}

/// Reads a path and finds where it starts.
fn place(call: &mut Call<'_>, fd: u32, (ptr, len): Path, rights: Rights) -> Result<Place, Fail> {
    let path = call.path(ptr, len)?;
    let (mount, base) = call.state().fds.directory(fd, rights)?;
    Ok(Place { mount, base, path })
}

/// What the directory itself must allow for a file to be opened in this way.
fn rights_to_open(oflags: u16) -> Rights {
    let mut rights = Rights::PATH_OPEN;
    if oflags & oflags::CREAT != 0 {
        rights = rights.and(Rights::PATH_CREATE_FILE);
    }
    if oflags & oflags::TRUNC != 0 {
        rights = rights.and(Rights::PATH_FILESTAT_SET_SIZE);
    }
    rights
}

/// Whether what a directory hands down allows a descriptor that synchronises by itself, as these flags say:
/// the right to do the same later on, or the larger one.
fn may_sync(handed_down: Rights, fdflags: u16) -> bool {
    let wants = |flags: u16| fdflags & flags != 0;
    let sync = handed_down.contains(Rights::FD_SYNC);
    let dsync = sync || handed_down.contains(Rights::FD_DATASYNC);
    (sync || !wants(fdflags::RSYNC | fdflags::SYNC)) && (dsync || !wants(fdflags::DSYNC))
}

fn edit<T>(
    call: &mut Call<'_>,
    mount: usize,
    change: impl FnOnce(&mut Files) -> Result<T, Errno>,
) -> Result<T, Fail> {
    Ok(state::edit(call.host(), mount, change)?)
}

/// Each mount is a file system of its own.
fn same_mount(a: &Place, b: &Place) -> Result<(), Errno> {
    if a.mount == b.mount {
        Ok(())
    } else {
        Err(Errno::Xdev)
    }
}

fn follows(flags: u32) -> Result<bool, Errno> {
    if flags & !SYMLINK_FOLLOW == 0 {
        Ok(flags & SYMLINK_FOLLOW != 0)
    } else {
        Err(Errno::Inval)
    }
}
