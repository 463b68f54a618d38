//! How much of a tree may be changed, as data.

use super::Tree;
use serde::{Deserialize, Serialize};

/// What JSON does not say of a tree: how much of it may be changed, and what was left out.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct TreeLimits {
    writable: bool,
    bytes: u64,
    nodes: u64,
    left_out: u64,
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
