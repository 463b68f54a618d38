//! The table of open descriptors.

use super::abi::{FileType, Rights};
use crate::tree::{Errno, NodeId};
use alloc::collections::BTreeMap;

/// How many descriptors may be open at once.
const MOST_OPEN: usize = 1_024;

/// An open descriptor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Descriptor {
    pub(super) object: Object,
    pub(super) rights: Rights,
    pub(super) inheriting: Rights,
    pub(super) flags: u16,
}

/// What a descriptor stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Object {
    Stdin,
    Stdout,
    Stderr,
    File {
        mount: usize,
        node: NodeId,
        offset: u64,
    },
    Directory {
        mount: usize,
        node: NodeId,
        is_preopen: bool,
    },
}

impl Object {
    pub(super) fn file_type(&self) -> FileType {
        match self {
            Self::Stdin | Self::Stdout | Self::Stderr => FileType::Unknown,
            Self::File { .. } => FileType::RegularFile,
            Self::Directory { .. } => FileType::Directory,
        }
    }
}

/// The open descriptors of one run.
#[derive(Clone, Debug)]
pub(super) struct Descriptors {
    open: BTreeMap<u32, Descriptor>,
}

impl Descriptors {
    /// Input, output and error stream.
    pub(super) fn new() -> Self {
        let stream = |object, rights| Descriptor {
            object,
            rights,
            inheriting: Rights::NONE,
            flags: 0,
        };
        Self {
            open: BTreeMap::from([
                (0, stream(Object::Stdin, Rights::INPUT)),
                (1, stream(Object::Stdout, Rights::OUTPUT)),
                (2, stream(Object::Stderr, Rights::OUTPUT)),
            ]),
        }
    }

    /// What every instance begins with: the streams, and a directory for each mount.
    pub(super) fn with_directories(mounts: usize) -> Self {
        let mut fds = Self::new();
        for mount in 0..mounts {
            let descriptor = Descriptor {
                object: Object::Directory {
                    mount,
                    node: NodeId::ROOT,
                    is_preopen: true,
                },
                rights: Rights::DIRECTORY,
                inheriting: Rights::DIRECTORY.and(Rights::FILE),
                flags: 0,
            };
            if fds.insert(descriptor).is_err() {
                break;
            }
        }
        fds
    }

    /// The lowest number that stands for something else in `other`, or for nothing in one of the two.
    pub(super) fn first_difference(&self, other: &Self) -> Option<u32> {
        let numbers = self.open.keys().chain(other.open.keys());
        numbers
            .filter(|number| self.open.get(number) != other.open.get(number))
            .min()
            .copied()
    }

    /// Refuses to open one more where too many are open.
    pub(super) fn must_have_room(&self) -> Result<(), Errno> {
        if self.open.len() >= MOST_OPEN {
            return Err(Errno::Mfile);
        }
        Ok(())
    }

    /// Opens under the lowest number that is free.
    pub(super) fn insert(&mut self, descriptor: Descriptor) -> Result<u32, Errno> {
        self.must_have_room()?;
        let free = self
            .open
            .keys()
            .zip(0_u32..)
            .find_map(|(used, number)| (*used != number).then_some(number));
        let fd = free.unwrap_or_else(|| u32::try_from(self.open.len()).unwrap_or(u32::MAX));
        self.open.insert(fd, descriptor);
        Ok(fd)
    }

    pub(super) fn get(&self, fd: u32) -> Result<&Descriptor, Errno> {
        self.open.get(&fd).ok_or(Errno::Badf)
    }

    pub(super) fn get_mut(&mut self, fd: u32) -> Result<&mut Descriptor, Errno> {
        self.open.get_mut(&fd).ok_or(Errno::Badf)
    }

    pub(super) fn close(&mut self, fd: u32) -> Result<Descriptor, Errno> {
        self.open.remove(&fd).ok_or(Errno::Badf)
    }

    /// Moves `from` to `to`; what was open there is returned to be closed.
    pub(super) fn renumber(&mut self, from: u32, to: u32) -> Result<Option<Descriptor>, Errno> {
        self.get(to)?;
        if from == to {
            return Ok(None);
        }
        let moved = self.close(from)?;
        Ok(self.open.insert(to, moved))
    }

    /// The file that `fd` stands for.
    pub(super) fn file(&self, fd: u32) -> Result<(usize, NodeId, u64), Errno> {
        match self.get(fd)?.object {
            Object::File {
                mount,
                node,
                offset,
            } => Ok((mount, node, offset)),
            Object::Directory { .. } => Err(Errno::Badf),
            Object::Stdin | Object::Stdout | Object::Stderr => Err(Errno::Spipe),
        }
    }

    /// The directory that `fd` stands for, for something that takes `rights`.
    pub(super) fn directory(&self, fd: u32, rights: Rights) -> Result<(usize, NodeId), Errno> {
        let descriptor = self.get(fd)?;
        let Object::Directory { mount, node, .. } = descriptor.object else {
            return Err(Errno::Notdir);
        };
        if !descriptor.rights.contains(rights) {
            return Err(Errno::Notcapable);
        }
        Ok((mount, node))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_free_number_is_used() {
        let mut fds = Descriptors::new();
        let copy = fds.get(0).expect("it is open").clone();
        assert_eq!(fds.insert(copy.clone()), Ok(3));
        fds.close(1).expect("it is open");
        assert_eq!(fds.insert(copy.clone()), Ok(1));
        assert_eq!(fds.insert(copy), Ok(4));
    }

    #[test]
    fn there_is_an_end_to_opening() {
        let mut fds = Descriptors::new();
        let copy = fds.get(0).expect("it is open").clone();
        let opened = (0..2_000)
            .filter(|_| fds.insert(copy.clone()).is_ok())
            .count();
        assert_eq!(opened, MOST_OPEN - 3);
        assert_eq!(fds.insert(copy), Err(Errno::Mfile));
    }

    #[test]
    fn renumbering_takes_two_open_descriptors() {
        let mut fds = Descriptors::new();
        assert!(matches!(fds.renumber(0, 99), Err(Errno::Badf)));
        assert!(matches!(fds.renumber(99, 0), Err(Errno::Badf)));
        assert!(matches!(fds.renumber(0, 1), Ok(Some(_))));
        assert!(matches!(fds.get(0), Err(Errno::Badf)));
    }
}
