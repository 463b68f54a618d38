//! `--dir`: a directory for the guest, as a copy or itself.

use crate::{
    failure::Failure,
    files::{self, Kind},
};
use fuelbox::{Dir, Files, Tree};

/// A directory of the machine, and the name that the guest knows it by.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Directory {
    host: String,
    pub(crate) guest: String,
    writable: bool,
}

/// What may still be read.
pub(crate) struct Room {
    limit: u64,
    bytes: u64,
    entries: u64,
}

/// How many files, directories and links are read at the most, empty ones too, and how many a guest may
/// make: ten times what large standard libraries have.
const MOST_ENTRIES: u64 = 100_000;

/// Reads `host::guest`, or `host::guest:rw`.
///
/// # Errors
/// A text for the user.
pub(crate) fn parse(text: &str) -> Result<Directory, String> {
    let form =
        || format!("{text:?} is not a directory for a guest: write HOST::GUEST or HOST::GUEST:rw");
    let (host, guest) = text.split_once("::").ok_or_else(form)?;
    let (guest, writable) = match guest.strip_suffix(":rw") {
        Some(guest) => (guest, true),
        None => (guest, false),
    };
    if host.is_empty() || guest.is_empty() || guest.contains('\0') {
        return Err(form());
    }
    Ok(Directory {
        host: host.to_owned(),
        guest: guest.to_owned(),
        writable,
    })
}

impl Room {
    /// Room for `limit` bytes in all.
    pub(crate) fn new(limit: u64) -> Self {
        Self {
            limit,
            bytes: limit,
            entries: MOST_ENTRIES,
        }
    }

    fn take(&mut self, path: &str, len: usize) -> Result<(), Failure> {
        let len = u64::try_from(len).unwrap_or(u64::MAX);
        self.bytes = self
            .bytes
            .checked_sub(len)
            .ok_or_else(|| Failure::DirectoryBytes {
                path: path.to_owned(),
                limit: self.limit,
            })?;
        Ok(())
    }

    fn take_entries(&mut self, path: &str, number: u64) -> Result<(), Failure> {
        self.entries =
            self.entries
                .checked_sub(number)
                .ok_or_else(|| Failure::DirectoryEntries {
                    path: path.to_owned(),
                    limit: MOST_ENTRIES,
                })?;
        Ok(())
    }
}

impl Directory {
    /// What the guest gets: a copy, or the directory itself if the guest may write to it, at most as
    /// much as `room` began with.
    ///
    /// # Errors
    /// What [`copy`](Self::copy) gives; [`Failure::NoDirectory`]; [`Failure::SystemDirectory`] unless `forced`.
    pub(crate) fn files(&self, room: &mut Room, forced: bool) -> Result<Files, Failure> {
        if !forced && files::is_of_system(&self.host) {
            return Err(Failure::SystemDirectory {
                path: self.host.clone(),
            });
        }
        if !self.writable {
            return self.copy(room).map(Files::from);
        }
        let directory = Dir::read_write(&self.host)?
            .bytes_limit(room.limit)
            .nodes_limit(MOST_ENTRIES);
        Ok(directory.into())
    }

    /// Copies the directory, name by name in order, so that the guest sees the same on every machine.
    ///
    /// Symbolic links are copied and never followed, so that nothing outside the directory is read. What no
    /// guest could use is left out and counted.
    ///
    /// # Errors
    /// [`Failure::Read`]; [`Failure::DirectoryBytes`], [`Failure::DirectoryEntries`] where there is more
    /// than `room`; [`Failure::Tree`] for a name that is too long.
    fn copy(&self, room: &mut Room) -> Result<Tree, Failure> {
        let mut tree = Tree::new();
        let mut open = vec![String::new()];
        while let Some(inside) = open.pop() {
            let directory = format!("{}{inside}", self.host);
            let listing = files::list(&directory)?;
            room.take_entries(&directory, listing.left_out)?;
            tree = tree.leave_out(listing.left_out);
            for entry in listing.entries {
                let path = format!("{inside}/{}", entry.name);
                let host = format!("{}{path}", self.host);
                room.take_entries(&host, 1)?;
                let put = match entry.kind {
                    Kind::Directory => {
                        open.push(path.clone());
                        tree.dir(&path)
                    }
                    Kind::File => {
                        let bytes = files::read(&host, room.bytes)?;
                        room.take(&host, bytes.len())?;
                        tree.file(&path, bytes)
                    }
                    Kind::Link(target) => tree.symlink(&path, &target),
                };
                tree = put.map_err(|error| Failure::Tree { path: host, error })?;
            }
        }
        Ok(tree)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_read_only_unless_it_says_otherwise() {
        let directory = |host: &str, guest: &str, writable| {
            Ok(Directory {
                host: host.to_owned(),
                guest: guest.to_owned(),
                writable,
            })
        };
        assert_eq!(parse("lib::/usr/lib"), directory("lib", "/usr/lib", false));
        assert_eq!(parse("a:b::/x:rw"), directory("a:b", "/x", true));
        for text in ["", "lib", "lib:/usr", "::/x", "lib::", "lib:::rw", "a::b\0"] {
            assert!(
                parse(text).is_err_and(|text| text.contains("HOST::GUEST:rw")),
                "{text}"
            );
        }
    }
}
