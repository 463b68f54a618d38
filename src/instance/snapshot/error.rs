//! Errors of a snapshot: why there is none.

use crate::error::Error;
use alloc::string::String;

/// Why there is no snapshot: what cannot be written back, and what to change. The instance stays as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum SnapshotError {
    /// The module keeps nothing to write a snapshot from.
    #[error(
        "the module was not built for snapshots: build it with Module::builder().snapshots(true)"
    )]
    NotBuilt,
    /// The instance can be called no more, so nobody could rely on its state.
    #[error("{0}")]
    Over(Error),
    /// The guest has another file open than every instance begins with, or one of those no longer.
    #[error(
        "descriptor {fd} of the guest is not as every instance begins: let the guest close what it opens, and keep \
         open what it has, before the snapshot"
    )]
    OpenFile {
        /// The lowest such descriptor.
        fd: u32,
    },
    /// A global refers to something that is no function of the module.
    #[error(
        "global {global} refers to something of the host, which a module cannot hold: let the guest set it to null \
         before the snapshot"
    )]
    GlobalReference {
        /// The number of the global.
        global: u32,
    },
    /// An element of a table refers to something that is no function of the module.
    #[error(
        "element {element} of table {table} refers to something of the host, which a module cannot hold: let the \
         guest set it to null before the snapshot"
    )]
    TableReference {
        /// The number of the table.
        table: u32,
        /// Which of its elements, from 0.
        element: u64,
    },
    /// What was written is not admitted, for one because it is larger than the module may be.
    #[error("the snapshot is refused: {0}")]
    Refused(Error),
    /// The interpreter failed; the host goes on. Please report it.
    #[error("{0}")]
    Engine(Error),
}

/// [`SnapshotError::Engine`].
pub(super) fn engine(message: String) -> SnapshotError {
    SnapshotError::Engine(Error::Engine { message })
}
