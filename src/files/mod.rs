//! The files of a guest: a tree in memory or a real directory, behind the same calls.

#[cfg(all(feature = "worker", unix))]
mod crossing;
#[cfg(feature = "dir")]
#[cfg(test)]
mod properties;

#[cfg(all(feature = "worker", unix))]
pub(crate) use crossing::{Crossing, Directory};

#[cfg(feature = "dir")]
use crate::dir::Dir;
use crate::tree::{At, Errno, Growth, Kind, Line, Listed, NodeId, Open, Stat, Tree};
use alloc::string::String;

/// What can be mounted for a guest that speaks WASI.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Files {
    /// A file system in memory.
    Tree(Tree),
    /// A real directory.
    #[cfg(feature = "dir")]
    Dir(Dir),
}

impl From<Tree> for Files {
    fn from(tree: Tree) -> Self {
        Self::Tree(tree)
    }
}

#[cfg(feature = "dir")]
impl From<Dir> for Files {
    fn from(dir: Dir) -> Self {
        Self::Dir(dir)
    }
}

/// Asks the one or the other.
macro_rules! ask {
    ($files:ident, $tree:ident => $of_tree:expr, $dir:ident => $of_dir:expr) => {
        match $files {
            Self::Tree($tree) => $of_tree,
            #[cfg(feature = "dir")]
            Self::Dir($dir) => $of_dir,
        }
    };
}

/// What a run keeps.
impl Files {
    /// Keeps the root for a descriptor.
    pub(crate) fn retain_root(&mut self) {
        ask!(self, tree => tree.retain(NodeId::ROOT), _dir => ());
    }

    /// Closes what was opened.
    pub(crate) fn release(&mut self, id: NodeId) {
        ask!(self, tree => tree.release(id), dir => dir.release(id));
    }

    /// Lets go of what the host's system keeps open.
    pub(crate) fn close_all(&mut self) {
        ask!(self, _tree => (), dir => dir.close_all());
    }

    /// The tree that the run could write to, as it left it.
    pub(crate) fn into_written(self) -> Option<Tree> {
        ask!(self, tree => tree.is_writable().then(|| {
            let mut tree = tree;
            tree.settle();
            tree
        }), _dir => None)
    }

    /// Lets [`bytes`](Self::bytes) grow by `room` at most, until it is called again.
    pub(crate) fn set_room(&mut self, room: u64) {
        ask!(self, tree => tree.set_room(room), dir => dir.set_room(room));
    }

    /// Lets no bytes of the host's memory be moved beyond what `fuel` pays for, until it is called again.
    pub(crate) fn set_fuel(&mut self, fuel: u64) {
        ask!(self, tree => tree.set_fuel(fuel), _dir => ());
    }

    /// How many bytes of the host's memory the guest takes here.
    pub(crate) fn bytes(&self) -> u64 {
        ask!(self, tree => tree.bytes(), dir => dir.bytes())
    }

    /// Whether the host's system was asked for something since this was last asked.
    pub(crate) fn take_reached_machine(&mut self) -> bool {
        ask!(self, _tree => false, dir => dir.take_reached_machine())
    }

    /// How many names a guest is not shown, as far as it is known.
    pub(crate) fn left_out(&self) -> u64 {
        ask!(self, tree => tree.left_out, dir => dir.left_out())
    }

    /// The work since the last call that a guest's arguments do not show, to be charged.
    pub(crate) fn take_work(&mut self) -> u64 {
        ask!(self, tree => tree.take_work(), dir => dir.take_work())
    }
}

/// What a guest asks; each is described where it is done. `now` is the guest's time in nanoseconds, by
/// which a tree goes; a real directory goes by the machine's.
impl Files {
    /// Opens what a path leads to, until it is [released](Self::release).
    pub(crate) fn open(
        &mut self,
        at: At<'_>,
        how: Open,
        now: u64,
    ) -> Result<(NodeId, Kind), Errno> {
        ask!(self, tree => {
            let node = tree.open(at, how, now)?;
            tree.retain(node);
            Ok((node, tree.stat(node)?.kind))
        }, dir => dir.open(at, how))
    }

    pub(crate) fn stat(&mut self, id: NodeId) -> Result<Stat, Errno> {
        ask!(self, tree => tree.stat(id), dir => dir.stat(id))
    }

    pub(crate) fn stat_at(&mut self, at: At<'_>, follow: bool) -> Result<Stat, Errno> {
        ask!(self, tree => {
            let node = tree.resolve(at, follow)?;
            tree.stat(node)
        }, dir => dir.stat_at(at, follow))
    }

    /// Fills `buffer` from `offset` on, as far as there is something.
    pub(crate) fn read_at(
        &mut self,
        id: NodeId,
        offset: u64,
        buffer: &mut [u8],
    ) -> Result<usize, Errno> {
        ask!(self, tree => {
            let bytes = tree.read_at(id, offset, buffer.len())?;
            if let Some(start) = buffer.get_mut(..bytes.len()) {
                start.copy_from_slice(bytes);
            }
            Ok(bytes.len())
        }, dir => dir.read_at(id, offset, buffer))
    }

    pub(crate) fn read_link(&mut self, at: At<'_>) -> Result<String, Errno> {
        ask!(self, tree => tree.read_link(at).map(String::from), dir => dir.read_link(at))
    }

    /// Begins a listing from a cookie on.
    pub(crate) fn begin_listing(&mut self, id: NodeId, cookie: u64) -> Result<(), Errno> {
        ask!(self, tree => tree.read_dir(id, cookie).map(drop), dir => dir.begin_listing(id, cookie))
    }

    /// Gives a piece of a listing that was begun to `each`, from a cookie on, until `each` takes no more.
    pub(crate) fn read_dir(
        &mut self,
        id: NodeId,
        cookie: u64,
        each: &mut dyn FnMut(Line<'_>) -> bool,
    ) -> Result<Listed, Errno> {
        ask!(self, tree => tree.read_lines(id, cookie, each), dir => dir.read_dir(id, cookie, each))
    }

    pub(crate) fn write_at(
        &mut self,
        id: NodeId,
        offset: u64,
        bytes: &[u8],
        now: u64,
    ) -> Result<usize, Errno> {
        ask!(self, tree => tree.write_at(id, offset, bytes, now), dir => dir.write_at(id, offset, bytes))
    }

    /// Begins a [growth](Growth) that [`write_at`](Self::write_at) would take long for.
    pub(crate) fn begin_write(
        &mut self,
        id: NodeId,
        offset: u64,
        len: u64,
    ) -> Result<Option<Growth>, Errno> {
        ask!(self, tree => tree.begin_write(id, offset, len), _dir => Ok(None))
    }

    /// Begins a growth that [`set_size`](Self::set_size) would take long for.
    pub(crate) fn begin_growth(&mut self, id: NodeId, size: u64) -> Result<Option<Growth>, Errno> {
        ask!(self, tree => tree.begin_growth(id, size), _dir => Ok(None))
    }

    /// Begins a growth that [`allocate`](Self::allocate) would take long for.
    pub(crate) fn begin_allocation(
        &mut self,
        id: NodeId,
        offset: u64,
        len: u64,
    ) -> Result<Option<Growth>, Errno> {
        ask!(self, tree => tree.begin_allocation(id, offset, len), _dir => Ok(None))
    }

    /// Goes on with a growth; returns whether that was all.
    pub(crate) fn grow_piece(&mut self, growth: &mut Growth, now: u64) -> Result<bool, Errno> {
        ask!(self, tree => tree.grow_piece(growth, now), _dir => Ok(true))
    }

    pub(crate) fn set_size(&mut self, id: NodeId, size: u64, now: u64) -> Result<(), Errno> {
        ask!(self, tree => tree.set_size(id, size, now), dir => dir.set_size(id, size))
    }

    pub(crate) fn allocate(
        &mut self,
        id: NodeId,
        offset: u64,
        len: u64,
        now: u64,
    ) -> Result<(), Errno> {
        ask!(self, tree => tree.allocate(id, offset, len, now), dir => dir.allocate(id, offset, len))
    }

    pub(crate) fn set_times(
        &mut self,
        id: NodeId,
        accessed: Option<u64>,
        modified: Option<u64>,
        now: u64,
    ) -> Result<(), Errno> {
        ask!(
            self,
            tree => tree.set_times(id, accessed, modified, now),
            dir => dir.set_times(id, accessed, modified)
        )
    }

    pub(crate) fn set_times_at(
        &mut self,
        at: At<'_>,
        follow: bool,
        (accessed, modified): (Option<u64>, Option<u64>),
        now: u64,
    ) -> Result<(), Errno> {
        ask!(self, tree => {
            let node = tree.resolve(at, follow)?;
            tree.set_times(node, accessed, modified, now)
        }, dir => dir.set_times_at(at, follow, accessed, modified))
    }

    pub(crate) fn create_dir(&mut self, at: At<'_>, now: u64) -> Result<(), Errno> {
        ask!(self, tree => tree.create_dir(at, now), dir => dir.create_dir(at))
    }

    pub(crate) fn create_symlink(
        &mut self,
        target: &[u8],
        at: At<'_>,
        now: u64,
    ) -> Result<(), Errno> {
        ask!(self, tree => tree.create_symlink(target, at, now), dir => dir.create_symlink(target, at))
    }

    pub(crate) fn create_link(
        &mut self,
        from: At<'_>,
        follow: bool,
        to: At<'_>,
        now: u64,
    ) -> Result<(), Errno> {
        ask!(
            self,
            tree => tree.create_link(from, follow, to, now),
            dir => dir.create_link(from, follow, to)
        )
    }

    pub(crate) fn remove_dir(&mut self, at: At<'_>, now: u64) -> Result<(), Errno> {
        ask!(self, tree => tree.remove_dir(at, now), dir => dir.remove_dir(at))
    }

    pub(crate) fn unlink(&mut self, at: At<'_>, now: u64) -> Result<(), Errno> {
        ask!(self, tree => tree.unlink(at, now), dir => dir.unlink(at))
    }

    pub(crate) fn rename(&mut self, from: At<'_>, to: At<'_>, now: u64) -> Result<(), Errno> {
        ask!(self, tree => tree.rename(from, to, now), dir => dir.rename(from, to))
    }
}
