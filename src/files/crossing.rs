//! The files of a guest as data, and the directories that go to another process beside it.

use super::Files;
use crate::tree::{Tree, TreeLimits, TreeSize};
use alloc::sync::Arc;
use core::fmt;
use serde::{Deserialize, Serialize};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// The files of a guest as data.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Crossing {
    /// A tree, and how much of it may be changed.
    Tree { tree: Tree, limits: TreeLimits },
    /// A real directory that may be read only. Its descriptor goes beside the data, in the order of the directories.
    #[cfg(feature = "dir")]
    Dir { handles_limit: usize },
}

/// A real directory that is mounted, for whoever hands it to another process.
#[derive(Clone)]
pub(crate) struct Directory {
    descriptor: Arc<dyn AsFd + Send + Sync>,
    handles_limit: usize,
}

impl Files {
    /// The same as data; none for a directory that may be changed.
    pub(crate) fn crossing(&self) -> Option<Crossing> {
        match self {
            Self::Tree(tree) => Some(Crossing::Tree {
                limits: tree.limits(),
                tree: tree.clone(),
            }),
            #[cfg(feature = "dir")]
            Self::Dir(dir) if dir.is_writable() => None,
            #[cfg(feature = "dir")]
            Self::Dir(dir) => Some(Crossing::Dir {
                handles_limit: dir.most_handles(),
            }),
        }
    }

    /// The real directory that they are, if they are one.
    pub(crate) fn directory(&self) -> Option<Directory> {
        match self {
            Self::Tree(_) => None,
            #[cfg(feature = "dir")]
            Self::Dir(dir) => Some(Directory {
                descriptor: dir.root(),
                handles_limit: dir.most_handles(),
            }),
        }
    }
}

impl Crossing {
    /// The most that the tree can have after a run which may write to it.
    pub(crate) fn most_written(&self) -> Option<TreeSize> {
        match self {
            Self::Tree { tree, limits } => limits.most_written(tree),
            #[cfg(feature = "dir")]
            Self::Dir { .. } => None,
        }
    }

    /// The files again; those of a directory by the next of `descriptors`, none where that is no directory's.
    #[cfg_attr(
        not(feature = "dir"),
        expect(
            unused_variables,
            clippy::unnecessary_wraps,
            reason = "there are trees alone"
        )
    )]
    pub(crate) fn into_files(
        self,
        descriptors: &mut impl Iterator<Item = OwnedFd>,
    ) -> Option<Files> {
        match self {
            Self::Tree { tree, limits } => Some(tree.with_limits(limits).into()),
            #[cfg(feature = "dir")]
            Self::Dir { handles_limit } => {
                let dir = crate::dir::Dir::from_descriptor(descriptors.next()?, handles_limit)?;
                Some(dir.into())
            }
        }
    }
}

impl Directory {
    /// How many files and directories in it a guest may have open at once.
    pub(crate) fn handles_limit(&self) -> usize {
        self.handles_limit
    }
}

impl AsFd for Directory {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.descriptor.as_fd()
    }
}

impl fmt::Debug for Directory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Directory")
            .field("handles_limit", &self.handles_limit)
            .finish_non_exhaustive()
    }
}
