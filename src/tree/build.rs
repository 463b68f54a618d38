//! The part of a tree that the host builds before a run.

use super::{
    Tree,
    names::Maker,
    node::{Body, Content, Node, NodeId, Owner},
    path::{NAME_BYTES, PATH_BYTES, checked},
};
use crate::text::Name;
use alloc::{boxed::Box, vec::Vec};

/// Why something was not put into a [`Tree`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TreeError {
    /// A path or link target that no tree can hold.
    #[error(
        "path '{}' has a '.' or '..' or NUL in it, or is empty or too long",
        Name(path)
    )]
    Malformed {
        /// As it was given.
        path: Box<str>,
    },
    /// A hard link to what is neither a file nor a symbolic link.
    #[error("there is no file at '{}' to link to", Name(path))]
    NoFile {
        /// As it was given.
        path: Box<str>,
    },
    /// Something else is there, or where a directory on the way there would be.
    #[error(
        "path '{}' leads to or through something that is there already",
        Name(path)
    )]
    Taken {
        /// As it was given.
        path: Box<str>,
    },
}

/// Paths are from the root, with or without a slash in front; directories on the way are made. What
/// the host puts in counts against no limit.
impl Tree {
    /// Puts a file in, in place of another file if there is one.
    ///
    /// # Errors
    /// [`TreeError::Malformed`], [`TreeError::Taken`].
    pub fn file(mut self, path: &str, contents: impl Into<Vec<u8>>) -> Result<Self, TreeError> {
        let content = Content::new(contents.into(), Owner::HOST);
        let (parent, name) = self.place(path)?;
        let Some(found) = self.found(parent, name) else {
            self.put(path, parent, name, Body::File(content))?;
            return Ok(self);
        };
        match self.node_mut(found) {
            Ok(Node {
                body: Body::File(old),
                ..
            }) => *old = content,
            Ok(_) | Err(_) => return Err(taken(path)),
        }
        Ok(self)
    }

    /// Adds a directory, if there is none.
    ///
    /// # Errors
    /// [`TreeError::Malformed`], [`TreeError::Taken`].
    pub fn dir(mut self, path: &str) -> Result<Self, TreeError> {
        self.make_dirs(path, &names(path)?)?;
        Ok(self)
    }

    /// Puts a symbolic link in, whether `target` leads anywhere or not.
    ///
    /// A target is looked up from the directory that holds the link. The guest cannot follow one that
    /// starts with a slash or leads above the directory that it started at.
    ///
    /// # Errors
    /// [`TreeError::Malformed`], [`TreeError::Taken`].
    pub fn symlink(mut self, path: &str, target: &str) -> Result<Self, TreeError> {
        checked(target.as_bytes()).map_err(|_| malformed(target))?;
        let (parent, name) = self.place(path)?;
        if self.found(parent, name).is_some() {
            return Err(taken(path));
        }
        self.put(path, parent, name, Body::Symlink(target.into()))?;
        Ok(self)
    }

    /// Gives the file or symbolic link at the path `to` one more name.
    ///
    /// # Errors
    /// [`TreeError::Malformed`], [`TreeError::NoFile`], [`TreeError::Taken`].
    pub fn hard_link(mut self, path: &str, to: &str) -> Result<Self, TreeError> {
        let no_file = || TreeError::NoFile { path: to.into() };
        let linked = self.at(to).ok_or_else(no_file)?;
        if self.directory(linked).is_ok() {
            return Err(no_file());
        }
        let (parent, name) = self.place(path)?;
        if self.found(parent, name).is_some() {
            return Err(taken(path));
        }
        self.add_name(parent, name.into(), linked, Maker::HOST)
            .map_err(|_| taken(path))?;
        Ok(self)
    }

    /// What is at a path of the host.
    pub(super) fn at(&self, path: &str) -> Option<NodeId> {
        let mut names = path.split('/').filter(|name| !name.is_empty());
        names.try_fold(NodeId::ROOT, |id, name| self.found(id, name))
    }

    /// Where the last name of a path is, with the directories on the way made.
    fn place<'a>(&mut self, path: &'a str) -> Result<(NodeId, &'a str), TreeError> {
        let names = names(path)?;
        // Without a name it is the root, which is there.
        let (name, above) = names.split_last().ok_or_else(|| taken(path))?;
        Ok((self.make_dirs(path, above)?, name))
    }

    fn make_dirs(&mut self, path: &str, names: &[&str]) -> Result<NodeId, TreeError> {
        let mut parent = NodeId::ROOT;
        for name in names {
            parent = match self.found(parent, name) {
                Some(id) if self.directory(id).is_ok() => id,
                Some(_) => return Err(taken(path)),
                None => self
                    .add_dir(parent, (*name).into(), Maker::HOST)
                    .map_err(|_| malformed(path))?,
            };
        }
        Ok(parent)
    }

    fn put(
        &mut self,
        path: &str,
        parent: NodeId,
        name: &str,
        body: Body,
    ) -> Result<NodeId, TreeError> {
        self.add_node(parent, name.into(), body, Maker::HOST)
            .map_err(|_| taken(path))
    }

    fn found(&self, parent: NodeId, name: &str) -> Option<NodeId> {
        Some(self.directory(parent).ok()?.get(name)?.node)
    }
}

/// The names in a path of the host.
fn names(path: &str) -> Result<Vec<&str>, TreeError> {
    let names: Vec<_> = path.split('/').filter(|name| !name.is_empty()).collect();
    let well_formed = |name: &&str| {
        !matches!(*name, "." | "..") && !name.contains('\0') && name.len() <= NAME_BYTES
    };
    if path.len() > PATH_BYTES || !names.iter().all(well_formed) {
        return Err(malformed(path));
    }
    Ok(names)
}

fn malformed(path: &str) -> TreeError {
    TreeError::Malformed { path: path.into() }
}

fn taken(path: &str) -> TreeError {
    TreeError::Taken { path: path.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn directories_on_the_way_are_made() {
        let tree = Tree::new()
            .file("a/b//c", "1")
            .unwrap()
            .dir("/a/b/d/")
            .unwrap();
        assert_eq!(tree.get("/a/b/c"), Some(&b"1"[..]));
        assert_eq!(tree.paths().count(), 4);
    }

    #[test]
    fn a_file_replaces_a_file_and_nothing_else() {
        let tree = Tree::new()
            .file("/a", "1")
            .unwrap()
            .file("/a", "2")
            .unwrap();
        assert_eq!(tree.get("a"), Some(&b"2"[..]));
        let tree = tree.symlink("/link", "a").unwrap().dir("/dir").unwrap();
        assert_eq!(tree.clone().file("/link", "").unwrap_err(), taken("/link"));
        assert_eq!(tree.clone().file("/dir", "").unwrap_err(), taken("/dir"));
        assert_eq!(tree.clone().file("/", "").unwrap_err(), taken("/"));
        assert_eq!(tree.clone().file("/a/b", "").unwrap_err(), taken("/a/b"));
        assert_eq!(tree.clone().dir("/link").unwrap_err(), taken("/link"));
        assert_eq!(tree.clone().symlink("/a", "b").unwrap_err(), taken("/a"));
        assert_eq!(tree.clone().dir("/dir").unwrap(), tree);
    }

    #[test]
    fn a_hard_link_is_one_more_name_of_a_file() {
        let tree = Tree::new()
            .file("/a", "1")
            .unwrap()
            .hard_link("/b/c", "/a")
            .unwrap();
        assert_eq!(tree.get("/b/c"), Some(&b"1"[..]));
        let no_file = |path: &str| TreeError::NoFile { path: path.into() };
        assert_eq!(
            tree.clone().hard_link("/d", "/none").unwrap_err(),
            no_file("/none")
        );
        assert_eq!(
            tree.clone().hard_link("/d", "/b").unwrap_err(),
            no_file("/b")
        );
        assert_eq!(
            tree.clone().hard_link("/b/c", "/a").unwrap_err(),
            taken("/b/c")
        );
        // Contents are replaced under all names.
        assert_eq!(tree.file("/a", "2").unwrap().get("/b/c"), Some(&b"2"[..]));
    }

    #[test]
    fn paths_that_no_tree_can_hold_are_refused() {
        let long_name = "n".repeat(NAME_BYTES + 1);
        let deep = "d/".repeat(PATH_BYTES / 2);
        for path in [
            "..",
            "a/../b",
            "./a",
            "a\0",
            long_name.as_str(),
            deep.as_str(),
        ] {
            assert_eq!(Tree::new().dir(path).unwrap_err(), malformed(path));
            assert_eq!(Tree::new().file(path, "").unwrap_err(), malformed(path));
        }
        let no_target = Tree::new().symlink("/a", "").unwrap_err();
        assert_eq!(no_target, malformed(""));
        assert_eq!(
            no_target.to_string(),
            "path '' has a '.' or '..' or NUL in it, or is empty or too long"
        );
    }
}
