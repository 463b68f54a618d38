//! A node of a tree: a file, a directory or a symbolic link.

use super::directory::Directory;
use alloc::{sync::Arc, vec::Vec};

/// A file, directory or symbolic link of a tree; in one run never used again for another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NodeId(pub(super) u64);

impl NodeId {
    /// The directory that holds all others.
    pub(crate) const ROOT: Self = Self(1);

    /// Of something that is open in a real directory.
    #[cfg(feature = "dir")]
    pub(crate) fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number that the guest sees.
    pub(crate) fn inode(self) -> u64 {
        self.0
    }
}

/// Whose something is: the host's, or the guest's of one run, so that it counts against the limits of that run.
///
/// When the run is over all that is its guest's is the host's, as the next run has another guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Owner(u64);

impl Owner {
    pub(super) const HOST: Self = Self(0);
    pub(super) const FIRST_GUEST: Self = Self(1);

    /// The guest of the next run.
    pub(super) fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It holds names.
    Directory,
    /// It holds bytes.
    File,
    /// It holds a path.
    Symlink,
    /// A socket, pipe or device, which a real directory may hold; never opened.
    #[cfg(feature = "dir")]
    Other,
}

/// A file, directory or symbolic link.
#[derive(Clone)]
pub(super) struct Node {
    pub(super) body: Body,
    /// How many names lead here, for a directory 2 and one for each directory in it; 0 where it was
    /// removed and only a descriptor keeps it.
    pub(super) links: u64,
    /// Who made it.
    pub(super) owner: Owner,
    /// Nanoseconds by the caller's clock, as are the others.
    pub(super) accessed: u64,
    pub(super) modified: u64,
    pub(super) changed: u64,
}

/// What a node holds.
#[derive(Clone)]
pub(super) enum Body {
    Directory(Directory),
    File(Content),
    Symlink(Arc<str>),
}

/// The bytes of a file, shared with other trees until they are written to.
#[derive(Clone)]
pub(super) struct Content {
    pub(super) bytes: Arc<Vec<u8>>,
    /// Who wrote them. Those of the guest are kept for this tree alone.
    pub(super) owner: Owner,
    /// How many bytes there is room for before they have to be moved, as far as the guest made them.
    pub(super) reserved: usize,
}

impl Content {
    pub(super) fn new(bytes: Vec<u8>, owner: Owner) -> Self {
        Self {
            bytes: Arc::new(bytes),
            owner,
            reserved: 0,
        }
    }
}

impl Node {
    /// A node that no name leads to yet.
    pub(super) fn new(body: Body, owner: Owner, now: u64) -> Self {
        Self {
            links: match body {
                Body::Directory(_) => 2,
                Body::File(_) | Body::Symlink(_) => 0,
            },
            body,
            owner,
            accessed: now,
            modified: now,
            changed: now,
        }
    }

    pub(super) fn kind(&self) -> Kind {
        match self.body {
            Body::Directory(_) => Kind::Directory,
            Body::File(_) => Kind::File,
            Body::Symlink(_) => Kind::Symlink,
        }
    }

    /// The span of a directory.
    pub(super) fn directory_span(&self) -> Option<usize> {
        match &self.body {
            Body::Directory(directory) => Some(directory.span()),
            Body::File(_) | Body::Symlink(_) => None,
        }
    }

    /// What counts against the limit of bytes of a guest.
    pub(super) fn counted_bytes(&self, guest: Owner) -> u64 {
        match &self.body {
            Body::File(content) if content.owner == guest => length(content.bytes.len()),
            Body::Symlink(target) if self.owner == guest => length(target.len()),
            Body::Directory(_) | Body::File(_) | Body::Symlink(_) => 0,
        }
    }

    /// Notes that what it holds was changed.
    pub(super) fn touch(&mut self, now: u64) {
        self.modified = now;
        self.changed = now;
    }
}

/// A length in the unit of the limits.
pub(crate) fn length(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
