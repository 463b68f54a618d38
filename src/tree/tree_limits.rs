//! How much of a tree may be changed, as data.

use super::{Entry, Tree};
use serde::{Deserialize, Serialize};

/// What JSON does not say of a tree: how much of it may be changed, and what was left out.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct TreeLimits {
    writable: bool,
    bytes: u64,
    nodes: u64,
    left_out: u64,
}

/// How much a tree has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TreeSize {
    /// Files, directories and links.
    pub(crate) nodes: u64,
    /// Bytes of files, and of what links lead to.
    pub(crate) bytes: u64,
}

impl TreeLimits {
    /// The most that `tree` can have after a run; none where it stays as it is.
    pub(crate) fn most_written(&self, tree: &Tree) -> Option<TreeSize> {
        /// How many bytes of a path what a link leads to can have.
        const LINK_BYTES: u64 = 4_096;

        if !self.writable {
            return None;
        }
        let mut size = TreeSize {
            nodes: self.nodes,
            // A write that is paid for in part is cut, and what a hole takes is counted: so no file is larger.
            bytes: self
                .bytes
                .saturating_add(self.nodes.saturating_mul(LINK_BYTES)),
        };
        for (_, entry) in tree.paths() {
            let held = match entry {
                Entry::Directory => 0,
                Entry::File(bytes) => bytes.len(),
                Entry::HardLink(first) => first.len(),
                Entry::Symlink(target) => target.len(),
            };
            size.nodes = size.nodes.saturating_add(1);
            size.bytes = size
                .bytes
                .saturating_add(u64::try_from(held).unwrap_or(u64::MAX));
        }
        Some(size)
    }
}

impl Tree {
    /// How much of it may be changed.
    pub(crate) fn limits(&self) -> TreeLimits {
        TreeLimits {
            writable: self.writable,
            bytes: self.quota.bytes_limit,
            nodes: self.quota.nodes_limit,
            left_out: self.left_out,
        }
    }

    /// The same tree, of which so much may be changed.
    pub(crate) fn with_limits(mut self, limits: TreeLimits) -> Self {
        self.writable = limits.writable;
        self.left_out = limits.left_out;
        self.bytes_limit(limits.bytes).nodes_limit(limits.nodes)
    }
}
