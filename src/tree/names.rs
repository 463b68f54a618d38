//! Links and unlinks of names, with what depends on them: counts of links, lengths of paths, times, quota.

use super::{
    Tree,
    directory::{Directory, Name, step},
    node::{Body, Kind, Node, NodeId, Owner, length},
    path::DIRECTORY_PATH_BYTES,
    quota::Amount,
};
use crate::tree::Errno;
use alloc::sync::Arc;

/// Who makes a node or a name, and when.
#[derive(Clone, Copy)]
pub(super) struct Maker {
    /// Whether it is the guest, so that what it makes counts against the limits.
    pub(super) counted: bool,
    pub(super) now: u64,
}

impl Maker {
    /// Before the run.
    pub(super) const HOST: Self = Self {
        counted: false,
        now: 0,
    };

    pub(super) fn guest(now: u64) -> Self {
        Self { counted: true, now }
    }
}

impl Tree {
    /// Makes a directory in `parent`, where the name must be free.
    pub(super) fn add_dir(
        &mut self,
        parent: NodeId,
        name: Arc<str>,
        maker: Maker,
    ) -> Result<NodeId, Errno> {
        self.path_must_fit(parent, step(name.len()))?;
        let body = Body::Directory(Directory::new(parent, name.len()));
        self.add_node(parent, name, body, maker)
    }

    /// Makes a node in `parent`, where the name must be free.
    pub(super) fn add_node(
        &mut self,
        parent: NodeId,
        name: Arc<str>,
        body: Body,
        maker: Maker,
    ) -> Result<NodeId, Errno> {
        let owner = self.owner(maker);
        let node = Node::new(body, owner, maker.now);
        if maker.counted {
            self.quota.take(Amount {
                bytes: node.counted_bytes(owner).saturating_add(length(name.len())),
                nodes: 1,
                names: 1,
            })?;
        }
        let id = self.next;
        self.next = NodeId(id.0.saturating_add(1));
        self.nodes.insert(id, node);
        self.add_name(parent, name, id, maker)?;
        Ok(id)
    }

    /// Makes a name in `parent`, where it must be free; what it counts for has been taken.
    pub(super) fn add_name(
        &mut self,
        parent: NodeId,
        name: Arc<str>,
        id: NodeId,
        maker: Maker,
    ) -> Result<(), Errno> {
        let owner = self.owner(maker);
        self.directory_mut(parent)?.add(name, id, owner);
        self.gained(parent, id, maker.now)
    }

    /// Takes a name away, and what it led to if nothing else leads there.
    pub(super) fn remove_name(
        &mut self,
        parent: NodeId,
        name: &str,
        now: u64,
    ) -> Result<(), Errno> {
        let removed = self
            .directory_mut(parent)?
            .remove(name)
            .ok_or(Errno::Noent)?;
        self.quota.give_back(self.taken_by(name, removed));
        self.lost(parent, removed.node, now)?;
        self.discard(removed.node)
    }

    /// Notes that a name in `parent` leads to `id`.
    pub(super) fn gained(&mut self, parent: NodeId, id: NodeId, now: u64) -> Result<(), Errno> {
        let node = self.node_mut(id)?;
        node.changed = now;
        let span = node.directory_span();
        if span.is_none() {
            node.links = node.links.saturating_add(1);
        }
        let holder = self.node_mut(parent)?;
        holder.touch(now);
        if span.is_some() {
            holder.links = holder.links.saturating_add(1);
            self.change_spans(parent, None, span)?;
        }
        Ok(())
    }

    /// Notes that a name in `parent` leads to `id` no longer.
    pub(super) fn lost(&mut self, parent: NodeId, id: NodeId, now: u64) -> Result<(), Errno> {
        let node = self.node_mut(id)?;
        node.changed = now;
        let span = node.directory_span();
        if span.is_none() {
            node.links = node.links.saturating_sub(1);
        }
        let holder = self.node_mut(parent)?;
        holder.touch(now);
        if span.is_some() {
            holder.links = holder.links.saturating_sub(1);
            self.change_spans(parent, span, None)?;
        }
        Ok(())
    }

    /// Frees a node that lost a name, if that was the last and no descriptor is open on it.
    pub(super) fn discard(&mut self, id: NodeId) -> Result<(), Errno> {
        let node = self.node_mut(id)?;
        if node.kind() == Kind::Directory {
            node.links = 0;
        }
        self.free_if_lost(id);
        Ok(())
    }

    /// What a name counts for, which it does if it is the guest's.
    pub(super) fn taken_by(&self, spelling: &str, name: Name) -> Amount {
        if name.owner == self.guest {
            one_name(spelling)
        } else {
            Amount::default()
        }
    }

    fn owner(&self, maker: Maker) -> Owner {
        if maker.counted {
            self.guest
        } else {
            Owner::HOST
        }
    }

    /// Refuses a path of a directory that is too long: that of `parent` and `more` bytes.
    pub(super) fn path_must_fit(&mut self, parent: NodeId, more: usize) -> Result<(), Errno> {
        let mut len = more;
        let mut work = 0_u64;
        for (id, directory) in self.upwards(parent) {
            work = work.saturating_add(1);
            if id != NodeId::ROOT {
                len = len.saturating_add(step(directory.name_len));
            }
        }
        self.add_work(work);
        if len > DIRECTORY_PATH_BYTES {
            return Err(Errno::Nametoolong);
        }
        Ok(())
    }

    /// Notes the span of a directory that `id` lost and of one that it gained, and what that makes of
    /// the spans above.
    fn change_spans(
        &mut self,
        mut id: NodeId,
        mut gone: Option<usize>,
        mut come: Option<usize>,
    ) -> Result<(), Errno> {
        loop {
            self.add_work(1);
            let directory = self.directory_mut(id)?;
            let before = directory.span();
            directory.change_span(gone, come);
            let after = directory.span();
            if before == after || id == NodeId::ROOT {
                return Ok(());
            }
            id = directory.parent;
            (gone, come) = (Some(before), Some(after));
        }
    }
}

/// What a name counts for.
pub(super) fn one_name(spelling: &str) -> Amount {
    Amount {
        bytes: length(spelling.len()),
        nodes: 0,
        names: 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{At, path::PATH_BYTES};
    use alloc::format;

    #[test]
    fn nodes_and_names_are_bounded() {
        let mut tree = Tree::new()
            .file("/host", "")
            .unwrap()
            .writable()
            .nodes_limit(2);
        assert_eq!(tree.create_dir(At::root("a"), 1), Ok(()));
        assert_eq!(tree.create_dir(At::root("b"), 1), Ok(()));
        assert_eq!(tree.create_dir(At::root("c"), 1), Err(Errno::Nospc));
        let host = At::root("host");
        assert_eq!(
            tree.create_link(host, false, At::root("c"), 1),
            Err(Errno::Nospc)
        );
        // Another spelling is the guest's; one that it gave before makes room.
        assert_eq!(tree.rename(host, At::root("c"), 1), Err(Errno::Nospc));
        assert_eq!(tree.rename(At::root("a"), At::root("c"), 1), Ok(()));
        tree.remove_dir(At::root("b"), 1).unwrap();
        assert_eq!(tree.create_link(host, false, At::root("d"), 1), Ok(()));
    }

    #[test]
    fn directories_nest_only_as_deep_as_a_path_can_name() {
        let mut tree = Tree::new().writable();
        let name = [b'd'; 30];
        let mut base = NodeId::ROOT;
        let mut depth = 0;
        while let Ok(()) = tree.create_dir(At { base, path: &name }, 1) {
            base = tree.resolve(At { base, path: &name }, false).unwrap();
            depth += 1;
        }
        assert_eq!(depth, DIRECTORY_PATH_BYTES / 31);
        assert_eq!(tree.directory(NodeId::ROOT).unwrap().reach(), depth * 31);
        // Any name fits below.
        let path = &[b'f'; 255];
        assert_eq!(tree.create_symlink(b"x", At { base, path }, 1), Ok(()));
        assert!(tree.paths().all(|(path, _)| path.len() <= PATH_BYTES));
        // Moved up, the directory has room for more.
        let inner = [&name[..], b"/", &name].concat();
        let from = At {
            base: NodeId::ROOT,
            path: &inner,
        };
        tree.rename(from, At::root("e"), 2).unwrap();
        assert_eq!(tree.create_dir(At { base, path: &name }, 2), Ok(()));
    }

    /// What a run does not touch it does not copy, be the tree as large as it may.
    #[test]
    fn a_change_copies_little() {
        let mut host = Tree::new();
        for number in 0..20_000 {
            host = host.file(&format!("/{number}"), "1").unwrap();
        }
        let mut tree = host.clone().writable();
        tree.create_dir(At::root("new"), 1).unwrap();
        tree.unlink(At::root("17"), 1).unwrap();
        let file = tree.resolve(At::root("19"), false).unwrap();
        tree.write_at(file, 0, b"2", 1).unwrap();
        tree.settle();

        let is_copied = |node: &Node| match &node.body {
            Body::File(content) => Arc::strong_count(&content.bytes) > 1,
            Body::Directory(_) | Body::Symlink(_) => false,
        };
        let copied = host.nodes.iter().filter(|(_, node)| is_copied(node));
        assert!((1..200).contains(&copied.count()));
        // Each name is kept by name and by cookie.
        let names = host.directory(NodeId::ROOT).unwrap().names();
        let copied = names.filter(|(name, _)| Arc::strong_count(name) > 2);
        assert!((1..200).contains(&copied.count()));
        assert_eq!(
            (host.get("17"), host.get("19")),
            (Some(&b"1"[..]), Some(&b"1"[..]))
        );
    }
}
