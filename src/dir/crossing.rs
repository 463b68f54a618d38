//! A directory that goes to another process: its descriptor, and its limit.

use super::{Dir, Grant, look::Found};
use crate::tree::Kind;
use alloc::sync::Arc;
use std::os::fd::OwnedFd;

/// What another process needs. That of a directory which a guest may change does not go there: what its guests may
/// still write is counted in the process that runs them, and a worker cannot be trusted to count.
impl Dir {
    pub(crate) fn is_writable(&self) -> bool {
        self.grant.writable
    }

    /// As [`handles_limit`](Self::handles_limit) has set it.
    pub(crate) fn most_handles(&self) -> usize {
        self.grant.handles_limit
    }

    /// What the system knows the directory by.
    pub(crate) fn root(&self) -> Arc<cap_std::fs::Dir> {
        self.grant.root.handle.clone()
    }

    /// A directory that a guest may read only, from a descriptor; none where that is another thing's.
    pub(crate) fn from_descriptor(descriptor: OwnedFd, handles_limit: usize) -> Option<Self> {
        let root = cap_std::fs::Dir::from(descriptor);
        let found = Found::directory(&root).ok()?;
        if found.kind != Kind::Directory {
            return None;
        }
        let grant = Grant::new(root, found.identity, false);
        Some(Self::fresh(grant).handles_limit(handles_limit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dir::scratch::Scratch,
        tree::{At, Errno, NodeId, Open},
    };

    #[test]
    fn a_descriptor_of_a_directory_is_read_within_its_limit_and_not_written() {
        let scratch = Scratch::new("descriptors");
        scratch.file("file", "hello");
        let given = Dir::read_only(scratch.path()).expect("it is there");
        let descriptor = given.root().try_clone().expect("it can be").into_std_file();
        let mut dir = Dir::from_descriptor(descriptor.into(), 1).expect("it is a directory");
        let at = At {
            base: NodeId::ROOT,
            path: b"file",
        };
        let (file, _) = dir.open(at, Open::default()).expect("it is there");
        let mut buffer = [0; 9];
        assert_eq!(dir.read_at(file, 0, &mut buffer), Ok(5));
        assert_eq!(dir.open(at, Open::default()), Err(Errno::Mfile));
        assert_eq!(dir.write_at(file, 0, b"x"), Err(Errno::Rofs));
        assert!(!dir.is_writable() && dir.most_handles() == 1);
    }

    #[test]
    fn a_descriptor_of_a_file_is_no_directory() {
        let scratch = Scratch::new("no-directory");
        scratch.file("file", "hello");
        let file = scratch.host().open("file").expect("it is there");
        assert!(Dir::from_descriptor(file.into_std().into(), 1).is_none());
    }
}
