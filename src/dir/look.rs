//! A look at a name: what it leads to, without following links.

use super::{errno::errno, numbers::Identity, times::nanos};
use crate::tree::{Errno, Kind, Stat};
use cap_fs_ext::MetadataExt;
use cap_std::fs::{Dir, Metadata};
use std::io::ErrorKind;

/// What a name leads to.
#[expect(
    clippy::large_enum_variant,
    reason = "it is taken apart as soon as it is made"
)]
pub(super) enum Seen {
    Nothing,
    /// Something that a guest is not shown: a pipe, socket or device, or a link that it could not follow.
    Hidden,
    Found(Found),
}

/// What a name or a handle leads to, as it was a moment ago.
pub(super) struct Found {
    pub(super) kind: Kind,
    pub(super) identity: Identity,
    metadata: Metadata,
}

impl Found {
    pub(super) fn new(metadata: Metadata) -> Self {
        let kind = if metadata.is_dir() {
            Kind::Directory
        } else if metadata.is_file() {
            Kind::File
        } else if metadata.is_symlink() {
            Kind::Symlink
        } else {
            Kind::Other
        };
        let identity = Identity {
            device: metadata.dev(),
            inode: metadata.ino(),
        };
        Self {
            kind,
            identity,
            metadata,
        }
    }

    /// What `name` leads to in a directory.
    pub(super) fn at(directory: &Dir, name: &str) -> Result<Seen, Errno> {
        if !is_one_name(name) {
            return Err(Errno::Inval);
        }
        match directory.symlink_metadata(name) {
            Ok(metadata) => {
                let found = Self::new(metadata);
                let is_hidden = match found.kind {
                    Kind::Other => true,
                    Kind::Symlink => !is_followable(directory, name),
                    Kind::Directory | Kind::File => false,
                };
                Ok(if is_hidden {
                    Seen::Hidden
                } else {
                    Seen::Found(found)
                })
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Seen::Nothing),
            Err(error) => Err(errno(error)),
        }
    }

    pub(super) fn directory(directory: &Dir) -> Result<Self, Errno> {
        directory.dir_metadata().map(Self::new).map_err(errno)
    }

    /// Whether no other name leads to it.
    pub(super) fn has_one_name(&self) -> bool {
        self.kind == Kind::Directory || self.metadata.nlink() <= 1
    }

    /// Whether it is a directory that was removed. Not every file system says so.
    pub(super) fn is_removed(&self) -> bool {
        self.metadata.nlink() == 0
    }

    /// Whether it is a program that runs as somebody else: what it does is not for a guest to say.
    pub(super) fn is_privileged(&self) -> bool {
        #[cfg(unix)]
        {
            use cap_std::fs::MetadataExt as _;
            self.metadata.mode() & 0o6000 != 0
        }
        #[cfg(not(unix))]
        false
    }

    /// What a guest may know about it, under this number.
    pub(super) fn stat(&self, inode: u64) -> Stat {
        let time = |time: std::io::Result<_>| time.map(nanos).unwrap_or_default();
        let modified = time(self.metadata.modified());
        Stat {
            inode,
            kind: self.kind,
            links: self.metadata.nlink(),
            size: match self.kind {
                Kind::File | Kind::Symlink => self.metadata.len(),
                Kind::Directory | Kind::Other => 0,
            },
            accessed: time(self.metadata.accessed()),
            modified,
            changed: self.changed().unwrap_or(modified),
        }
    }

    /// When anything about it changed, where the system knows.
    fn changed(&self) -> Option<u64> {
        #[cfg(unix)]
        {
            use cap_std::fs::MetadataExt as _;
            let seconds = u64::try_from(self.metadata.ctime()).ok()?;
            let nanos = u64::try_from(self.metadata.ctime_nsec()).ok()?;
            seconds.checked_mul(1_000_000_000)?.checked_add(nanos)
        }
        #[cfg(not(unix))]
        None
    }
}

/// Whether a guest may follow the link of this name as far as its target says: it is UTF-8, and does not
/// start at the machine's root.
pub(super) fn is_followable(directory: &Dir, name: &str) -> bool {
    let target = directory.read_link_contents(name);
    target.is_ok_and(|target| !target.has_root() && target.to_str().is_some())
}

/// Whether the host's system takes it for the name of one thing in the directory, too: on some, other
/// characters than a slash part a path.
fn is_one_name(name: &str) -> bool {
    !cfg!(windows) || !name.contains(['\\', ':'])
}
