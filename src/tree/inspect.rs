//! The view of a tree that the host has.

use super::{
    Tree,
    directory::Name,
    map,
    node::{Body, NodeId},
};
use alloc::{collections::BTreeMap, string::String, sync::Arc, vec, vec::Vec};
use core::fmt;

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Entry<'a> {
    /// A directory.
    Directory,
    /// A file, with what it holds.
    File(&'a [u8]),
    /// One more name of the file or symbolic link at that path, which comes earlier in
    /// [`Tree::paths`]. So each file comes once, however many names a guest gave it.
    HardLink(Arc<str>),
    /// A symbolic link, with its target as it was made. It may lead nowhere.
    Symlink(&'a str),
}

impl Tree {
    /// What the file at a path holds.
    ///
    /// The path is from the root, with or without a slash in front. `None` for anything but a file;
    /// symbolic links are not followed.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        match &self.node(self.at(path)?).ok()?.body {
            Body::File(content) => Some(&content.bytes),
            Body::Directory(_) | Body::Symlink(_) => None,
        }
    }

    /// All that is in the tree, sorted: a directory, then what is in it, name by name.
    #[must_use]
    pub fn paths(&self) -> Paths<'_> {
        Paths {
            tree: self,
            open: vec![(self.names(NodeId::ROOT), 0)],
            path: String::new(),
            first: BTreeMap::new(),
        }
    }

    fn names(&self, id: NodeId) -> map::Iter<'_, Arc<str>, Name> {
        self.directory(id)
            .map(super::directory::Directory::names)
            .unwrap_or_default()
    }
}

/// The paths of a tree, each with what is there.
#[derive(Clone)]
pub struct Paths<'a> {
    tree: &'a Tree,
    /// The directories down to here: their names that are still to come, and how much of `path` is
    /// theirs.
    open: Vec<(map::Iter<'a, Arc<str>, Name>, usize)>,
    path: String,
    /// Where nodes with more than one name came first.
    first: BTreeMap<NodeId, Arc<str>>,
}

impl<'a> Iterator for Paths<'a> {
    type Item = (String, Entry<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, id) = loop {
            let (names, len) = self.open.last_mut()?;
            self.path.truncate(*len);
            if let Some((name, found)) = names.next() {
                break (name, found.node);
            }
            self.open.pop();
        };
        self.path.push('/');
        self.path.push_str(name);
        Some((self.path.clone(), self.entry(id)?))
    }
}

impl<'a> Paths<'a> {
    fn entry(&mut self, id: NodeId) -> Option<Entry<'a>> {
        let node = self.tree.node(id).ok()?;
        if let Body::Directory(_) = node.body {
            self.open.push((self.tree.names(id), self.path.len()));
            return Some(Entry::Directory);
        }
        if node.links > 1 {
            if let Some(first) = self.first.get(&id) {
                return Some(Entry::HardLink(Arc::clone(first)));
            }
            self.first.insert(id, self.path.as_str().into());
        }
        Some(match &node.body {
            Body::Symlink(target) => Entry::Symlink(target),
            Body::File(content) => Entry::File(&content.bytes),
            Body::Directory(_) => Entry::Directory,
        })
    }
}

impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        self.nodes.is_copy_of(&other.nodes) || self.paths().eq(other.paths())
    }
}

impl Eq for Tree {}

/// The paths with what is there; of files how long they are.
impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self.paths().map(|(path, entry)| (path, Brief(entry)));
        f.debug_map().entries(entries).finish()
    }
}

impl fmt::Debug for Paths<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Paths")
            .field("at", &self.path)
            .finish_non_exhaustive()
    }
}

struct Brief<'a>(Entry<'a>);

impl fmt::Debug for Brief<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Entry::File(bytes) => write!(f, "File({} bytes)", bytes.len()),
            entry => entry.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::At;
    use alloc::format;

    fn example() -> Tree {
        let tree = Tree::new().file("/b.txt", "22").unwrap();
        let tree = tree
            .file("/b/a", "1")
            .unwrap()
            .symlink("/c", "b/a")
            .unwrap();
        tree.dir("/b/empty").unwrap()
    }

    #[test]
    fn paths_are_listed_directory_by_directory() {
        let tree = example();
        let found: Vec<_> = tree.paths().collect();
        let expected = [
            ("/b", Entry::Directory),
            ("/b/a", Entry::File(b"1")),
            ("/b/empty", Entry::Directory),
            ("/b.txt", Entry::File(b"22")),
            ("/c", Entry::Symlink("b/a")),
        ];
        assert_eq!(found, expected.map(|(path, entry)| (path.into(), entry)));
    }

    #[test]
    fn a_file_with_many_names_comes_once() {
        let mut tree = example().writable();
        tree.create_link(At::root("b/a"), false, At::root("a"), 1)
            .unwrap();
        let entries: Vec<_> = tree.paths().collect();
        assert_eq!(entries[0], ("/a".into(), Entry::File(b"1")));
        assert_eq!(entries[2], ("/b/a".into(), Entry::HardLink("/a".into())));
        assert_eq!(tree.get("/b/a"), Some(&b"1"[..]));
        assert_ne!(tree, example().file("/a", "1").unwrap());
    }

    #[test]
    fn only_files_have_contents() {
        let tree = example();
        assert_eq!(tree.get("b.txt"), Some(&b"22"[..]));
        for path in [
            "",
            "/",
            "/b",
            "/c",
            "/c/a",
            "/b/none",
            "/b/a/x",
            "/b/../b.txt",
        ] {
            assert_eq!(tree.get(path), None, "{path}");
        }
    }

    #[test]
    fn trees_are_equal_by_what_is_in_them() {
        assert_eq!(example(), example().writable().bytes_limit(0));
        assert_ne!(example(), example().file("/b/a", "2").unwrap());
        assert_ne!(example(), Tree::new());
    }

    #[test]
    fn shown_for_debugging_files_are_brief() {
        let shown = format!("{:?}", example());
        assert_eq!(
            shown,
            r#"{"/b": Directory, "/b/a": File(1 bytes), "/b/empty": Directory, "/b.txt": File(2 bytes), "/c": Symlink("b/a")}"#
        );
    }
}
