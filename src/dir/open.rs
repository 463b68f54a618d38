//! Opening of files and directories.

use super::{
    Dir,
    errno::errno,
    handle::{Handle, OpenDirectory},
    look::Found,
    walk::{Place, Position},
};
use crate::tree::{At, Errno, Kind, NodeId, Open, walk::Last};
use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt, OpenOptionsSyncExt};
use cap_std::fs::{File, OpenOptions};

impl Dir {
    /// Opens what a path leads to, and makes or empties it first if so asked.
    ///
    /// # Errors
    /// As [`Tree::open`](crate::Tree); `MFILE` if too many are open; `NXIO` for what is neither file nor
    /// directory; `ACCES` where the host's own rights do not reach, and to write to a program that runs
    /// as somebody else.
    pub(crate) fn open(&mut self, at: At<'_>, how: Open) -> Result<(NodeId, Kind), Errno> {
        if how.create && how.directory {
            return Err(Errno::Inval);
        }
        self.handles.must_have_room()?;
        self.add_calls(CALLS);
        let mut place = self.walk(at, how.last_link())?;
        let handle = match place.found.take() {
            None => Handle::File(self.open_new(&place, how)?),
            Some(_) if how.create && how.exclusive => return Err(Errno::Exist),
            Some(found) => self.open_old(&place, &found, how)?,
        };
        let kind = match handle {
            Handle::File(_) => Kind::File,
            Handle::Directory(_) => Kind::Directory,
        };
        Ok((self.handles.insert(handle), kind))
    }

    fn open_new(&mut self, place: &Place, how: Open) -> Result<File, Errno> {
        let Last::Name(name) = &place.last else {
            return Err(Errno::Noent);
        };
        if !how.create {
            return Err(Errno::Noent);
        }
        if place.slash {
            return Err(Errno::Isdir);
        }
        self.must_be_writable()?;
        self.budget.node(0, || {
            let mut options = options(true);
            open_file(&place.parent, name, options.create_new(true))
        })
    }

    fn open_old(&mut self, place: &Place, found: &Found, how: Open) -> Result<Handle, Errno> {
        match found.kind {
            Kind::Directory if how.create || how.truncate || how.write => Err(Errno::Isdir),
            Kind::Directory => Ok(Handle::Directory(OpenDirectory {
                position: match &place.last {
                    Last::Name(name) => place.parent.enter(name)?,
                    Last::Dot | Last::DotDot => place.parent.clone(),
                },
                listing: None,
            })),
            _ if how.directory => Err(Errno::Notdir),
            Kind::Symlink => Err(Errno::Loop),
            _ if place.slash => Err(Errno::Notdir),
            // Not even for a moment: opening a pipe or a device can have effects, or wait for somebody.
            Kind::Other => Err(Errno::Nxio),
            Kind::File => {
                let Last::Name(name) = &place.last else {
                    return Err(Errno::Io);
                };
                let changes = how.write || how.truncate;
                if changes {
                    self.must_be_writable()?;
                }
                let file = self.open_there(&place.parent, name, found, changes)?;
                if how.truncate {
                    file.set_len(0).map_err(errno)?;
                }
                Ok(Handle::File(file))
            }
        }
    }

    /// Opens a file that is there. It is opened for writing where that can be, whatever the guest asks for:
    /// a descriptor's rights can allow a change of size alone.
    fn open_there(
        &self,
        parent: &Position,
        name: &str,
        found: &Found,
        changes: bool,
    ) -> Result<File, Errno> {
        let writable = self.grant.writable && !found.is_privileged();
        if changes && !writable {
            return Err(Errno::Acces);
        }
        match open_file(parent, name, &options(writable)) {
            Err(_) if writable && !changes => open_file(parent, name, &options(false)),
            outcome => outcome,
        }
    }
}

fn options(writable: bool) -> OpenOptions {
    let mut options = OpenOptions::new();
    options
        .read(true)
        .write(writable)
        .follow(FollowSymlinks::No)
        .nonblock(true);
    options
}

/// Opens a regular file, even where something else took its place since it was looked at.
fn open_file(parent: &Position, name: &str, options: &OpenOptions) -> Result<File, Errno> {
    let file = parent.handle.open_with(name, options).map_err(errno)?;
    let metadata = file.metadata().map_err(errno)?;
    if Found::new(metadata).kind != Kind::File {
        return Err(Errno::Nxio);
    }
    Ok(file)
}

const CALLS: u64 = 6;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dir::scratch::Scratch;

    #[test]
    fn what_takes_the_place_of_a_file_is_not_opened() {
        let scratch = Scratch::new("places");
        scratch.file("file", "hello");
        scratch.link("link", "file");
        scratch.directory("dir");
        let dir = Dir::read_write(scratch.path()).expect("it is there");
        let open = |name| open_file(&dir.grant.root, name, &options(false)).map(drop);
        assert_eq!(open("file"), Ok(()));
        assert!(open("link").is_err());
        assert_eq!(open("dir"), Err(Errno::Nxio));
    }
}
