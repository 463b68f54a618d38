//! What a tree is made of.

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
    /// Whether the guest made it, so that it counts against the limits.
    pub(super) counted: bool,
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
#[derive(Clone, Default)]
pub(super) struct Content {
    pub(super) bytes: Arc<Vec<u8>>,
    /// Whether the guest wrote them, so that they are held for this tree alone and count against the
    /// limits.
    pub(super) counted: bool,
    /// How many bytes there is room for before they have to be moved, as far as the guest made them.
    pub(super) reserved: usize,
}

impl Node {
    /// A node that no name leads to yet.
    pub(super) fn new(body: Body, counted: bool, now: u64) -> Self {
        Self {
            links: match body {
                Body::Directory(_) => 2,
                Body::File(_) | Body::Symlink(_) => 0,
            },
            body,
            counted,
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

    /// What counts against the limit of bytes.
    pub(super) fn counted_bytes(&self) -> u64 {
        match &self.body {
            Body::File(content) if content.counted => length(content.bytes.len()),
            Body::Symlink(target) if self.counted => length(target.len()),
            Body::Directory(_) | Body::File(_) | Body::Symlink(_) => 0,
        }
    }

    /// Lets it and what it holds be the host's.
    pub(super) fn uncount(&mut self) {
        self.counted = false;
        match &mut self.body {
            Body::Directory(directory) => directory.uncount(),
            Body::File(content) => content.counted = false,
            Body::Symlink(_) => {}
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
