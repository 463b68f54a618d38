//! A file system in memory.
//!
//! The host builds a [`Tree`] and looks at it when the run is over ([`build`], [`inspect`]); in between
//! the guest's calls find ([`path`]), read ([`read`]) and change ([`edit`], [`rename`], [`write`]) what
//! is in it, under a [`quota`].
//!
//! All nodes lie in one [`map`] and name each other by [`NodeId`]: nothing recurses, however deep a guest
//! nests directories, and a copy of a tree shares all but what is changed in it.

mod build;
mod directory;
mod edit;
mod errno;
mod growth;
mod inspect;
mod map;
mod names;
mod node;
mod open;
mod path;
#[cfg(test)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]
pub(crate) mod properties;
mod quota;
mod read;
mod rename;
#[cfg(feature = "serde")]
mod serial;
#[cfg(all(feature = "worker", unix))]
mod tree_limits;
pub(crate) mod walk;
mod write;

pub use build::TreeError;
pub(crate) use errno::Errno;
pub(crate) use growth::Growth;
pub use inspect::{Entry, Paths};
#[cfg(feature = "dir")]
pub(crate) use node::length;
pub(crate) use node::{Kind, NodeId};
pub(crate) use open::Open;
pub(crate) use path::At;
pub(crate) use read::{Line, Listed, Stat};
#[cfg(all(feature = "worker", unix))]
pub(crate) use tree_limits::{TreeLimits, TreeSize};
#[cfg(feature = "dir")]
pub(crate) use write::end_of;

use alloc::collections::BTreeMap;
use directory::Directory;
use map::Map;
use node::{Body, Node, Owner};
use quota::{Amount, Quota};

/// A file system in memory, for a guest that speaks WASI.
///
/// It is built from the host's data and reaches nothing else. A guest may read it; it may change it
/// if it is [`writable`](Self::writable), and its last state is in the report.
///
/// ```
/// use fuelbox::{Entry, Tree};
///
/// let tree = Tree::new()
///     .file("/etc/motd", "hello\n")?
///     .symlink("/motd", "etc/motd")?
///     .dir("/data")?
///     .writable();
///
/// assert_eq!(tree.get("/etc/motd"), Some(&b"hello\n"[..]));
/// let paths: Vec<_> = tree.paths().map(|(path, _)| path).collect();
/// assert_eq!(paths, ["/data", "/etc", "/etc/motd", "/motd"]);
/// assert!(matches!(tree.paths().last(), Some((_, Entry::Symlink("etc/motd")))));
/// # Ok::<(), fuelbox::TreeError>(())
/// ```
///
/// A path is made of names that are UTF-8 and have at most 255 bytes each; from the root it has at
/// most 4,096 bytes. A copy of a tree shares the contents of files until they are changed.
///
/// Two trees are equal if the same is at the same paths; times and limits are not compared.
///
/// What a guest may add to it is bounded:
///
/// ```
/// use fuelbox::Tree;
///
/// let tree = Tree::new()
///     .file("/a", "the same")?
///     .hard_link("/b", "/a")?
///     .writable()
///     .bytes_limit(1 << 20)
///     .nodes_limit(100)
///     .leave_out(2); // names that the host could not bring along: the report counts them
/// assert!(tree.is_writable());
/// # Ok::<(), fuelbox::TreeError>(())
/// ```
#[derive(Clone)]
pub struct Tree {
    nodes: Map<NodeId, Node>,
    /// Who the guest of this run is, to whom things count.
    guest: Owner,
    /// How many descriptors are open on a node.
    open: BTreeMap<NodeId, u64>,
    next: NodeId,
    writable: bool,
    quota: Quota,
    /// What the host left out when it built the tree.
    pub(crate) left_out: u64,
    work: u64,
    /// The most work that can be paid for.
    fuel: u64,
}

impl Tree {
    /// An empty tree, which a guest may read only.
    #[must_use]
    pub fn new() -> Self {
        let root = Node::new(
            Body::Directory(Directory::new(NodeId::ROOT, 0)),
            Owner::HOST,
            0,
        );
        let mut nodes = Map::new();
        nodes.insert(NodeId::ROOT, root);
        Self {
            nodes,
            guest: Owner::FIRST_GUEST,
            open: BTreeMap::new(),
            next: NodeId(NodeId::ROOT.0.saturating_add(1)),
            writable: false,
            quota: Quota::new(),
            left_out: 0,
            work: 0,
            fuel: u64::MAX,
        }
    }

    /// Lets the guest change the tree. By default each attempt answers `ROFS`.
    #[must_use]
    pub fn writable(mut self) -> Self {
        self.writable = true;
        self
    }

    /// Notes that `names` were left out, such as those of a directory that no tree can hold, for
    /// [`Usage::names_left_out`](crate::Usage::names_left_out).
    #[must_use]
    pub fn leave_out(mut self, names: u64) -> Self {
        self.left_out = self.left_out.saturating_add(names);
        self
    }

    /// The most bytes that the guest may add; 16 MiB by default.
    ///
    /// Counted are contents that the guest wrote, and names and link targets that it made; a file of
    /// the host's counts whole once the guest has written to it. At the limit a write is cut short,
    /// and what does not fit at all answers `NOSPC`.
    #[must_use]
    pub fn bytes_limit(mut self, bytes: u64) -> Self {
        self.quota.bytes_limit = bytes;
        self
    }

    /// The most files, directories and links that the guest may add; 10,000 by default.
    ///
    /// Above it, making one answers `NOSPC`. Hard links and new names count, too.
    #[must_use]
    pub fn nodes_limit(mut self, nodes: u64) -> Self {
        self.quota.nodes_limit = nodes;
        self
    }
}

impl Default for Tree {
    fn default() -> Self {
        Self::new()
    }
}

/// What a run keeps.
impl Tree {
    /// Keeps a node for one more descriptor, even when no name leads to it any longer.
    pub(crate) fn retain(&mut self, id: NodeId) {
        let count = self.open.entry(id).or_default();
        *count = count.saturating_add(1);
    }

    /// Takes back one [`retain`](Self::retain).
    pub(crate) fn release(&mut self, id: NodeId) {
        let Some(count) = self.open.get_mut(&id) else {
            return;
        };
        *count = count.saturating_sub(1);
        if *count == 0 {
            self.open.remove(&id);
            self.free_if_lost(id);
        }
    }

    /// Whether a guest may change it.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        self.writable
    }

    /// Ends a run: forgets its descriptors, and lets what is in the tree be the host's.
    pub(crate) fn settle(&mut self) {
        for id in core::mem::take(&mut self.open).into_keys() {
            self.free_if_lost(id);
        }
        self.guest = self.guest.next();
        self.quota.reset();
        self.work = 0;
        self.fuel = u64::MAX;
    }

    /// Lets [`bytes`](Self::bytes) grow by `room` at most, until it is called again.
    pub(crate) fn set_room(&mut self, room: u64) {
        self.quota.set_room(room);
    }

    /// Lets no bytes be moved beyond what `fuel` pays for, until it is called again.
    pub(crate) fn set_fuel(&mut self, fuel: u64) {
        self.fuel = fuel;
    }

    /// How many bytes the guest has added, as [`bytes_limit`](Self::bytes_limit) counts them.
    pub(crate) fn bytes(&self) -> u64 {
        self.quota.bytes()
    }

    /// The work since the last call that a guest's arguments do not show, to be charged: 1 for each
    /// name looked up, and for each 64 bytes moved.
    pub(crate) fn take_work(&mut self) -> u64 {
        core::mem::take(&mut self.work)
    }
}

/// What all operations share.
impl Tree {
    fn add_work(&mut self, work: u64) {
        self.work = self.work.saturating_add(work);
    }

    /// Notes work that is to be done, and refuses it where it cannot be paid for. The run then ends out
    /// of fuel, whatever the guest is answered.
    fn must_be_paid(&mut self, work: u64) -> Result<(), Errno> {
        self.add_work(work);
        if self.work > self.fuel {
            return Err(Errno::Nospc);
        }
        Ok(())
    }

    fn must_be_writable(&self) -> Result<(), Errno> {
        if self.writable {
            Ok(())
        } else {
            Err(Errno::Rofs)
        }
    }

    /// Refuses names in a directory that was removed.
    fn must_be_alive(&self, directory: NodeId) -> Result<(), Errno> {
        if self.node(directory)?.links > 0 {
            Ok(())
        } else {
            Err(Errno::Noent)
        }
    }

    fn node(&self, id: NodeId) -> Result<&Node, Errno> {
        self.nodes.get(&id).ok_or(Errno::Badf)
    }

    fn node_mut(&mut self, id: NodeId) -> Result<&mut Node, Errno> {
        self.nodes.get_mut(&id).ok_or(Errno::Badf)
    }

    fn directory(&self, id: NodeId) -> Result<&Directory, Errno> {
        match &self.node(id)?.body {
            Body::Directory(directory) => Ok(directory),
            Body::File(_) | Body::Symlink(_) => Err(Errno::Notdir),
        }
    }

    fn directory_mut(&mut self, id: NodeId) -> Result<&mut Directory, Errno> {
        match &mut self.node_mut(id)?.body {
            Body::Directory(directory) => Ok(directory),
            Body::File(_) | Body::Symlink(_) => Err(Errno::Notdir),
        }
    }

    /// The directory and all above it, up to the root.
    fn upwards(&self, id: NodeId) -> impl Iterator<Item = (NodeId, &Directory)> {
        let mut next = Some(id);
        core::iter::from_fn(move || {
            let id = next?;
            let directory = self.directory(id).ok()?;
            next = (id != NodeId::ROOT).then_some(directory.parent);
            Some((id, directory))
        })
    }

    /// Frees a node that neither names nor descriptors lead to.
    fn free_if_lost(&mut self, id: NodeId) {
        let Ok(node) = self.node(id) else { return };
        if node.links > 0 || self.open.contains_key(&id) {
            return;
        }
        let gone = Amount {
            bytes: node.counted_bytes(self.guest),
            nodes: (node.owner == self.guest).into(),
            names: 0,
        };
        self.quota.give_back(gone);
        self.nodes.remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::sync::Arc;

    fn example() -> Tree {
        let tree = Tree::new().file("/file", "1").unwrap();
        tree.dir("/dir/sub").unwrap().writable()
    }

    #[test]
    fn what_is_removed_lives_on_while_it_is_open() {
        let mut tree = example();
        let file = tree.resolve(At::root("file"), false).unwrap();
        let sub = tree.resolve(At::root("dir/sub"), false).unwrap();
        tree.retain(file);
        tree.retain(file);
        tree.retain(sub);
        tree.unlink(At::root("file"), 1).unwrap();
        tree.remove_dir(At::root("dir/sub"), 1).unwrap();

        assert_eq!(tree.write_at(file, 1, b"2", 2), Ok(1));
        assert_eq!(tree.stat(file).unwrap().links, 0);
        assert_eq!(tree.bytes(), 2);
        let inside = |path| At { base: sub, path };
        assert_eq!(tree.resolve(inside(b"."), true), Ok(sub));
        assert_eq!(tree.create_dir(inside(b"new"), 2), Err(Errno::Noent));
        assert_eq!(
            tree.rename(At::root("dir"), inside(b"new"), 2),
            Err(Errno::Noent)
        );
        assert!(matches!(tree.read_dir(sub, 0).map(drop), Err(Errno::Noent)));

        tree.release(file);
        assert_eq!(tree.read_at(file, 0, 9), Ok(&b"12"[..]));
        tree.release(file);
        tree.release(sub);
        assert_eq!(tree.read_at(file, 0, 9), Err(Errno::Badf));
        assert_eq!(tree.stat(sub), Err(Errno::Badf));
        assert_eq!(tree.bytes(), 0);
        // The numbers are not used again.
        tree.create_dir(At::root("new"), 3).unwrap();
        assert!(tree.resolve(At::root("new"), false).unwrap() > sub.max(file));
    }

    #[test]
    fn the_end_of_a_run_frees_what_is_lost_and_counts_again() {
        let mut tree = example().bytes_limit(9);
        let file = tree.resolve(At::root("file"), false).unwrap();
        tree.retain(file);
        tree.unlink(At::root("file"), 1).unwrap();
        tree.create_dir(At::root("12345"), 1).unwrap();
        tree.set_room(0);
        tree.settle();
        assert_eq!(tree.stat(file), Err(Errno::Badf));
        assert_eq!((tree.bytes(), tree.take_work()), (0, 0));
        assert_eq!(tree.create_dir(At::root("123456789"), 1), Ok(()));
        // It belonged to the guest and belongs to the host now: nothing is given back for it.
        tree.remove_dir(At::root("12345"), 1).unwrap();
        assert_eq!(tree.bytes(), 9);
        assert_eq!(tree.create_dir(At::root("1"), 1), Err(Errno::Nospc));
    }

    #[test]
    fn a_copy_is_shared_until_it_is_changed() {
        let host = example();
        let mut tree = host.clone();
        let file = tree.open(At::root("file"), Open::default(), 1).unwrap();
        tree.retain(file);
        tree.release(file);
        tree.settle();
        assert!(tree.nodes.is_copy_of(&host.nodes));
        tree.create_dir(At::root("new"), 1).unwrap();
        assert_ne!(tree, host);
        let content = |tree: &Tree| Arc::clone(&tree.content(file).unwrap().bytes);
        assert!(Arc::ptr_eq(&content(&tree), &content(&host)));
    }
}
