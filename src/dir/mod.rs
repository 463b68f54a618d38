//! A real directory, for a guest that speaks WASI.
//!
//! What a guest asks of it is asked name by name of handles that are open: [`walk`] takes every path apart
//! as it does in a tree, no name is looked up but directly in the directory that was reached, and no
//! link is followed but by that walk. So nothing here depends on what a path meant a moment ago.
//!
//! [`edit`], [`open`], [`read`] and [`write`] are what a guest does, on the [`handle`]s of its run and
//! within its [`budget`]. `crossing` is what a worker process gets of it.

mod budget;
#[cfg(all(feature = "worker", unix))]
mod crossing;
mod edit;
mod errno;
mod error;
mod handle;
mod listing;
mod look;
mod numbers;
mod open;
mod read;
#[cfg(test)]
pub(crate) mod scratch;
#[cfg(test)]
mod tests;
mod times;
mod walk;
mod write;

pub use error::DirError;

use crate::tree::{Errno, NodeId};
use alloc::sync::Arc;
use budget::Budget;
use handle::Handles;
use look::Found;
use numbers::{Identity, Numbers};
use std::path::Path;
use walk::Position;

/// A real directory of the machine, for a guest that speaks WASI.
///
/// A guest finds in it what it finds in a [`Tree`](crate::Tree), under the same rules: no path leads out of
/// it, neither by `..`, nor by a slash, nor by a symbolic link. What a guest writes is on the disk at once, and stays
/// there however the run ends. Others may change the directory meanwhile, so runs are not
/// reproducible.
///
/// ```no_run
/// use fuelbox::{Dir, capability::Wasi};
///
/// let wasi = Wasi::new()
///     .mount("/lib", Dir::read_only("plugins/lib")?)
///     .mount("/data", Dir::read_write("plugins/data")?.bytes_limit(1 << 20));
/// # Ok::<(), fuelbox::DirError>(())
/// ```
///
/// A guest is not shown what it could not use: names that are not UTF-8, pipes, sockets, devices, and
/// symbolic links whose target is not UTF-8 or starts at the machine's root. To it there is nothing, but a
/// name cannot be given twice (`EXIST`). [`Usage::names_left_out`](crate::Usage::names_left_out) counts them.
///
/// A copy is of the grant: it begins with nothing open and its limits unused, as every run does.
///
/// ```no_run
/// # use fuelbox::Dir;
/// let data = Dir::read_write("plugins/data")?.bytes_limit(1 << 20).nodes_limit(100).handles_limit(8);
/// # Ok::<(), fuelbox::DirError>(())
/// ```
pub struct Dir {
    grant: Grant,
    handles: Handles,
    budget: Budget,
    numbers: Numbers,
    work: u64,
    reached_machine: bool,
    /// Names in listings that the guest was not shown.
    left_out: u64,
}

/// What the host gave.
#[derive(Clone)]
struct Grant {
    root: Position,
    writable: bool,
    bytes_limit: u64,
    nodes_limit: u64,
    handles_limit: usize,
}

impl Dir {
    /// A directory that a guest may read only: whatever would change it answers `ROFS`.
    ///
    /// # Errors
    /// [`DirError::Open`].
    pub fn read_only(path: impl AsRef<Path>) -> Result<Self, DirError> {
        Self::open_root(path.as_ref(), false)
    }

    /// A directory that a guest may change: make, overwrite and remove whatever is in it.
    ///
    /// # Errors
    /// [`DirError::Open`].
    pub fn read_write(path: impl AsRef<Path>) -> Result<Self, DirError> {
        Self::open_root(path.as_ref(), true)
    }

    /// The most bytes that the guest may write in one run; 16 MiB by default.
    ///
    /// Each byte written counts, over others too, and each by which a file gets longer. Nothing is given
    /// back for what is removed. At the limit a write is cut short, and what does not fit at all
    /// answers `NOSPC`.
    #[must_use]
    pub fn bytes_limit(self, bytes: u64) -> Self {
        Self::fresh(Grant {
            bytes_limit: bytes,
            ..self.grant
        })
    }

    /// The most files, directories and links that the guest may make in one run; 10,000 by default.
    ///
    /// Above it, making one answers `NOSPC`. Nothing is given back for what is removed.
    #[must_use]
    pub fn nodes_limit(self, nodes: u64) -> Self {
        Self::fresh(Grant {
            nodes_limit: nodes,
            ..self.grant
        })
    }

    /// The most files and directories that the guest may have open at once; 64 by default.
    ///
    /// Each takes a handle of the host's process, of which many systems let it have 1,024. Above it, opening
    /// one more answers `MFILE`.
    #[must_use]
    pub fn handles_limit(self, handles: usize) -> Self {
        Self::fresh(Grant {
            handles_limit: handles,
            ..self.grant
        })
    }

    fn open_root(path: &Path, writable: bool) -> Result<Self, DirError> {
        let refused = |error| DirError::open(path, &error);
        let root = cap_std::fs::Dir::open_ambient_dir(path, cap_std::ambient_authority())
            .map_err(refused)?;
        let identity = Found::new(root.dir_metadata().map_err(refused)?).identity;
        Ok(Self::fresh(Grant::new(root, identity, writable)))
    }

    /// As a run begins with it.
    fn fresh(grant: Grant) -> Self {
        Self {
            handles: Handles::new(grant.root.clone(), grant.handles_limit),
            budget: Budget::new(grant.bytes_limit, grant.nodes_limit),
            numbers: Numbers::new(),
            work: 0,
            reached_machine: false,
            left_out: 0,
            grant,
        }
    }
}

impl Grant {
    fn new(root: cap_std::fs::Dir, identity: Identity, writable: bool) -> Self {
        Self {
            root: Position {
                handle: Arc::new(root),
                identity,
                parent: identity,
                path_len: 0,
            },
            writable,
            bytes_limit: budget::BYTES_LIMIT,
            nodes_limit: budget::NODES_LIMIT,
            handles_limit: handle::HANDLES_LIMIT,
        }
    }
}

impl Clone for Dir {
    fn clone(&self) -> Self {
        Self::fresh(self.grant.clone())
    }
}

impl core::fmt::Debug for Dir {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Dir")
            .field("writable", &self.grant.writable)
            .finish_non_exhaustive()
    }
}

/// What a run keeps.
impl Dir {
    /// Closes what was opened.
    pub(crate) fn release(&mut self, id: NodeId) {
        self.handles.close(id);
    }

    /// Closes all that is open.
    pub(crate) fn close_all(&mut self) {
        self.handles.close_all();
    }

    /// Lets [`bytes`](Self::bytes) grow by `room` at most, until it is called again.
    pub(crate) fn set_room(&mut self, room: u64) {
        self.handles.set_room(room);
    }

    /// How many bytes of the host's memory listings take.
    pub(crate) fn bytes(&self) -> u64 {
        self.handles.bytes()
    }

    /// Whether the host's system was asked for something since this was last asked.
    pub(crate) fn take_reached_machine(&mut self) -> bool {
        core::mem::take(&mut self.reached_machine)
    }

    /// How many names were left out of listings.
    pub(crate) fn left_out(&self) -> u64 {
        self.left_out
    }

    /// The work since the last call, to be charged; see [`Tree::take_work`](crate::Tree).
    pub(crate) fn take_work(&mut self) -> u64 {
        core::mem::take(&mut self.work)
    }
}

/// What all operations share.
impl Dir {
    /// Notes that the host's system is called `calls` times.
    fn add_calls(&mut self, calls: u64) {
        self.reached_machine = true;
        self.work = self
            .work
            .saturating_add(calls.saturating_mul(WORK_PER_CALL));
    }

    fn must_be_writable(&self) -> Result<(), Errno> {
        if self.grant.writable {
            Ok(())
        } else {
            Err(Errno::Rofs)
        }
    }
}

/// The work of one call of the host's system. It takes a microsecond or two where nothing waits for a
/// disk, so at this price a guest that does nothing else costs no more time for its fuel than one that
/// misses every cache.
const WORK_PER_CALL: u64 = 256;
