//! Edits of a directory: names are made, moved and removed.

use super::{
    Dir,
    errno::errno,
    look::Found,
    times::Times,
    walk::{Place, Position, step},
};
use crate::tree::{
    At, Errno, Kind,
    walk::{DIRECTORY_PATH_BYTES, Last, LastLink, checked, relative},
};
use alloc::sync::Arc;
use cap_fs_ext::DirExt;

/// Each answers `ROFS` where the directory is read-only, what finding the path answers, and what the
/// system does.
impl Dir {
    /// Makes a directory.
    ///
    /// # Errors
    /// `EXIST`, `NOSPC`; `NAMETOOLONG` if its path from the root would be.
    pub(crate) fn create_dir(&mut self, at: At<'_>) -> Result<(), Errno> {
        let (parent, name) = self.free_name(at, Kind::Directory)?;
        path_must_fit(&parent, &name)?;
        self.budget
            .node(0, || parent.handle.create_dir(&*name).map_err(errno))
    }

    /// Makes a symbolic link, whether the target leads anywhere or not.
    ///
    /// # Errors
    /// `EXIST`, `NOSPC`; `NOTCAPABLE` for a target that starts at the root, as it could not be followed.
    pub(crate) fn create_symlink(&mut self, target: &[u8], at: At<'_>) -> Result<(), Errno> {
        self.must_be_writable()?;
        let target = relative(checked(target)?)?;
        let (parent, name) = self.free_name(at, Kind::Symlink)?;
        self.budget.node(crate::tree::length(target.len()), || {
            parent.handle.symlink(target, &*name).map_err(errno)
        })
    }

    /// Makes one more name for a file or symbolic link.
    ///
    /// # Errors
    /// `EXIST`, `NOSPC`; `PERM` for a directory.
    pub(crate) fn create_link(
        &mut self,
        from: At<'_>,
        follow: bool,
        to: At<'_>,
    ) -> Result<(), Errno> {
        self.must_be_writable()?;
        let (from, found) = self.resolve(from, follow)?;
        let (parent, name) = self.free_name(to, Kind::File)?;
        let (Last::Name(old), false) = (&from.last, found.kind == Kind::Directory) else {
            return Err(Errno::Perm);
        };
        let holder = &from.parent.handle;
        self.budget.node(0, || {
            let linked = holder.hard_link(&**old, &parent.handle, &*name);
            linked.map_err(errno)
        })
    }

    /// Removes an empty directory.
    ///
    /// # Errors
    /// `NOENT`, `NOTDIR`, `NOTEMPTY`; `INVAL` for `.`, `NOTEMPTY` for `..`.
    pub(crate) fn remove_dir(&mut self, at: At<'_>) -> Result<(), Errno> {
        self.must_be_writable()?;
        let place = self.walk(at, LastLink::KeepAlways)?;
        let name = match &place.last {
            Last::Name(name) => name,
            Last::Dot => return Err(Errno::Inval),
            Last::DotDot => return Err(Errno::Notempty),
        };
        let found = place.found.ok_or(Errno::Noent)?;
        if found.kind != Kind::Directory {
            return Err(Errno::Notdir);
        }
        let removed = place.parent.handle.remove_dir(&**name);
        removed.map_err(errno)?;
        self.gone(&found);
        Ok(())
    }

    /// Removes a name that is not a directory's. What it led to lives on while other names or descriptors
    /// lead there.
    ///
    /// # Errors
    /// `NOENT`, `ISDIR`; `NOTDIR` if slashes follow the name.
    pub(crate) fn unlink(&mut self, at: At<'_>) -> Result<(), Errno> {
        self.must_be_writable()?;
        let place = self.walk(at, LastLink::KeepAlways)?;
        let found = place.found.ok_or(Errno::Noent)?;
        let (Last::Name(name), false) = (&place.last, found.kind == Kind::Directory) else {
            return Err(Errno::Isdir);
        };
        if place.slash {
            return Err(Errno::Notdir);
        }
        let removed = place.parent.handle.remove_file_or_symlink(&**name);
        removed.map_err(errno)?;
        self.gone(&found);
        Ok(())
    }

    /// Moves a name, in place of another of the same kind if there is one.
    ///
    /// # Errors
    /// `NOENT`, `NOTDIR`, `ISDIR`, `NOTEMPTY`; `EXIST` in place of what a guest is not shown; `BUSY` for `.`
    /// and `..`; `INVAL` for a directory into itself; `NAMETOOLONG` if the path of a directory from the root would be.
    /// The paths of those in it are not looked at.
    pub(crate) fn rename(&mut self, from: At<'_>, to: At<'_>) -> Result<(), Errno> {
        self.must_be_writable()?;
        let from = self.walk(from, LastLink::KeepAlways)?;
        let to = self.walk(to, LastLink::KeepAlways)?;
        let (Last::Name(old), Last::Name(new)) = (&from.last, &to.last) else {
            return Err(Errno::Busy);
        };
        let found = from.found.ok_or(Errno::Noent)?;
        let is_dir = found.kind == Kind::Directory;
        if !is_dir && (from.slash || to.slash) {
            return Err(Errno::Notdir);
        }
        if to.is_hidden {
            return Err(Errno::Exist);
        }
        self.must_be_alive(&to.parent)?;
        // The system may see first that the directory holds what is to be moved.
        let replaced = to.found.as_ref();
        if !is_dir && replaced.is_some_and(|replaced| replaced.kind == Kind::Directory) {
            return Err(Errno::Isdir);
        }
        if is_dir {
            path_must_fit(&to.parent, new)?;
        }
        let moved = from.parent.handle.rename(&**old, &to.parent.handle, &**new);
        moved.map_err(errno)?;
        if let Some(replaced) = to.found.filter(|other| other.identity != found.identity) {
            self.gone(&replaced);
        }
        Ok(())
    }

    /// Sets the times of what a path leads to; `None` leaves one as it is.
    ///
    /// # Errors
    /// `NOENT`, `NOTDIR`.
    pub(crate) fn set_times_at(
        &mut self,
        at: At<'_>,
        follow: bool,
        accessed: Option<u64>,
        modified: Option<u64>,
    ) -> Result<(), Errno> {
        let (place, _) = self.resolve(at, follow)?;
        self.must_be_writable()?;
        let times = Times { accessed, modified };
        match &place.last {
            Last::Name(name) => times.set_at(&place.parent.handle, name),
            Last::Dot | Last::DotDot => times.set_of_directory(&place.parent.handle),
        }
    }

    /// Finds where a name can be given; slashes may follow only that of a directory.
    fn free_name(&mut self, at: At<'_>, kind: Kind) -> Result<(Position, Arc<str>), Errno> {
        self.must_be_writable()?;
        let Place {
            parent,
            last,
            found,
            is_hidden,
            slash,
        } = self.walk(at, LastLink::KeepAlways)?;
        if is_hidden {
            return Err(Errno::Exist);
        }
        let misplaced = slash && kind != Kind::Directory;
        match (found, last) {
            (Some(found), _) if misplaced && found.kind != Kind::Directory => Err(Errno::Notdir),
            (None, _) if misplaced => Err(Errno::Noent),
            (None, Last::Name(name)) => {
                self.must_be_alive(&parent)?;
                Ok((parent, name))
            }
            (_, _) => Err(Errno::Exist),
        }
    }

    /// Refuses names in a directory that was removed.
    fn must_be_alive(&mut self, directory: &Position) -> Result<(), Errno> {
        self.add_calls(2);
        if Found::directory(&directory.handle)?.is_removed() {
            return Err(Errno::Noent);
        }
        Ok(())
    }

    /// Notes that a name led to `found` and does so no longer.
    fn gone(&mut self, found: &Found) {
        self.add_calls(1);
        if found.has_one_name() {
            self.numbers.forget(found.identity);
        }
    }
}

/// Refuses a path of a directory that is too long, as a tree does.
fn path_must_fit(parent: &Position, name: &str) -> Result<(), Errno> {
    if parent.path_len.saturating_add(step(name.len())) > DIRECTORY_PATH_BYTES {
        return Err(Errno::Nametoolong);
    }
    Ok(())
}
