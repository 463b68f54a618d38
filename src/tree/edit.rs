//! Edits of a tree: names are made and removed.

use super::{
    Tree,
    names::{Maker, one_name},
    node::{Body, Kind, NodeId},
    path::{At, checked, relative},
    walk::{Last, LastLink},
};
use crate::tree::Errno;
use alloc::sync::Arc;

/// Each answers `ROFS` where the tree is read-only, and what finding the path answers. `now` is
/// the time in nanoseconds.
impl Tree {
    /// Makes a directory.
    ///
    /// # Errors
    /// `EXIST`, `NOSPC`; `NAMETOOLONG` if its path from the root would be.
    pub(crate) fn create_dir(&mut self, at: At<'_>, now: u64) -> Result<(), Errno> {
        let (parent, name) = self.free_name(at, Kind::Directory)?;
        self.add_dir(parent, name, Maker::guest(now))?;
        Ok(())
    }

    /// Makes a symbolic link, whether the target leads anywhere or not.
    ///
    /// # Errors
    /// `EXIST`, `NOSPC`; `NOTCAPABLE` for a target that starts at the root, as it could not be followed.
    pub(crate) fn create_symlink(
        &mut self,
        target: &[u8],
        at: At<'_>,
        now: u64,
    ) -> Result<(), Errno> {
        self.must_be_writable()?;
        let target = relative(checked(target)?)?;
        let (parent, name) = self.free_name(at, Kind::Symlink)?;
        self.add_node(
            parent,
            name,
            Body::Symlink(target.into()),
            Maker::guest(now),
        )?;
        Ok(())
    }

    /// Makes one more name for a file or symbolic link.
    ///
    /// # Errors
    /// `EXIST`, `NOSPC`; `PERM` for a directory.
    pub(crate) fn create_link(
        &mut self,
        from: At<'_>,
        follow: bool,
        to: At<'_>,
        now: u64,
    ) -> Result<(), Errno> {
        self.must_be_writable()?;
        let id = self.resolve(from, follow)?;
        let (parent, name) = self.free_name(to, Kind::File)?;
        if self.node(id)?.kind() == Kind::Directory {
            return Err(Errno::Perm);
        }
        self.quota.take(one_name(&name))?;
        self.add_name(parent, name, id, Maker::guest(now))
    }

    /// Removes an empty directory.
    ///
    /// # Errors
    /// `NOENT`, `NOTDIR`, `NOTEMPTY`; `INVAL` for `.`, `NOTEMPTY` for `..`.
    pub(crate) fn remove_dir(&mut self, at: At<'_>, now: u64) -> Result<(), Errno> {
        self.must_be_writable()?;
        let place = self.walk(at, LastLink::KeepAlways)?;
        let name = match place.last {
            Last::Name(name) => name,
            Last::Dot => return Err(Errno::Inval),
            Last::DotDot => return Err(Errno::Notempty),
        };
        let id = place.node.ok_or(Errno::Noent)?;
        if !self.directory(id)?.is_empty() {
            return Err(Errno::Notempty);
        }
        self.remove_name(place.parent, &name, now)
    }

    /// Removes a name that is not a directory's. What it led to lives on while other names or descriptors
    /// lead there.
    ///
    /// # Errors
    /// `NOENT`, `ISDIR`; `NOTDIR` if slashes follow the name.
    pub(crate) fn unlink(&mut self, at: At<'_>, now: u64) -> Result<(), Errno> {
        self.must_be_writable()?;
        let place = self.walk(at, LastLink::KeepAlways)?;
        let id = place.node.ok_or(Errno::Noent)?;
        let Last::Name(name) = place.last else {
            return Err(Errno::Isdir);
        };
        if self.node(id)?.kind() == Kind::Directory {
            return Err(Errno::Isdir);
        }
        if place.slash {
            return Err(Errno::Notdir);
        }
        self.remove_name(place.parent, &name, now)
    }

    /// Sets times; `None` leaves one as it is.
    ///
    /// # Errors
    /// `ROFS`.
    pub(crate) fn set_times(
        &mut self,
        id: NodeId,
        accessed: Option<u64>,
        modified: Option<u64>,
        now: u64,
    ) -> Result<(), Errno> {
        self.must_be_writable()?;
        let node = self.node_mut(id)?;
        node.accessed = accessed.unwrap_or(node.accessed);
        node.modified = modified.unwrap_or(node.modified);
        node.changed = now;
        Ok(())
    }

    /// Finds where a name can be given; slashes may follow only that of a directory.
    fn free_name(&mut self, at: At<'_>, kind: Kind) -> Result<(NodeId, Arc<str>), Errno> {
        self.must_be_writable()?;
        let place = self.walk(at, LastLink::KeepAlways)?;
        let misplaced = place.slash && kind != Kind::Directory;
        match (place.node, place.last) {
            (Some(id), _) if misplaced && self.node(id)?.kind() != Kind::Directory => {
                Err(Errno::Notdir)
            }
            (None, _) if misplaced => Err(Errno::Noent),
            (None, Last::Name(name)) => {
                self.must_be_alive(place.parent)?;
                Ok((place.parent, name))
            }
            (_, _) => Err(Errno::Exist),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{Open, Tree};

    fn example() -> Tree {
        let tree = Tree::new()
            .file("/file", "1")
            .unwrap()
            .dir("/dir/sub")
            .unwrap();
        let tree = tree.symlink("/dangling", "nothing").unwrap();
        tree.symlink("/to_dir", "dir").unwrap().writable()
    }

    #[test]
    fn a_directory_is_made_where_nothing_is() {
        let mut tree = example();
        let mut make = |path| tree.create_dir(At::root(path), 1);
        assert_eq!(make("new/"), Ok(()));
        assert_eq!(make("to_dir/new"), Ok(()));
        for taken in [
            "new",
            "file",
            "file/",
            "dangling",
            "dangling/",
            "to_dir",
            ".",
            "dir/..",
        ] {
            assert_eq!(make(taken), Err(Errno::Exist), "{taken}");
        }
        assert_eq!(make("none/new"), Err(Errno::Noent));
        assert_eq!(make("file/new"), Err(Errno::Notdir));
        assert!(tree.get("/dir/new/x").is_none());
        assert!(tree.resolve(At::root("dir/new"), false).is_ok());
    }

    #[test]
    fn an_empty_directory_is_removed() {
        let mut tree = example();
        let mut remove = |path| tree.remove_dir(At::root(path), 1);
        for (path, errno) in [
            ("dir", Errno::Notempty),
            ("file", Errno::Notdir),
            ("file/", Errno::Notdir),
            ("to_dir", Errno::Notdir),
            ("to_dir/", Errno::Notdir),
            ("none", Errno::Noent),
            (".", Errno::Inval),
            ("dir/.", Errno::Inval),
            ("dir/..", Errno::Notempty),
            ("..", Errno::Notcapable),
        ] {
            assert_eq!(remove(path), Err(errno), "{path}");
        }
        assert_eq!(remove("dir/sub/"), Ok(()));
        assert_eq!(remove("dir"), Ok(()));
        assert_eq!(remove("dir"), Err(Errno::Noent));
    }

    #[test]
    fn a_name_is_unlinked_but_no_directory() {
        let mut tree = example();
        let mut unlink = |path| tree.unlink(At::root(path), 1);
        for (path, errno) in [
            ("dir", Errno::Isdir),
            ("dir/", Errno::Isdir),
            (".", Errno::Isdir),
            ("file/", Errno::Notdir),
            ("to_dir/", Errno::Notdir),
            ("none", Errno::Noent),
            ("none/", Errno::Noent),
        ] {
            assert_eq!(unlink(path), Err(errno), "{path}");
        }
        for path in ["file", "dangling", "to_dir"] {
            assert_eq!(unlink(path), Ok(()), "{path}");
        }
        assert!(tree.resolve(At::root("dir"), false).is_ok());
    }

    #[test]
    fn a_symbolic_link_may_dangle_but_not_start_at_the_root() {
        let mut tree = example();
        let mut link =
            |target: &str, path| tree.create_symlink(target.as_bytes(), At::root(path), 1);
        assert_eq!(link("a/b/c", "new"), Ok(()));
        for (target, path, errno) in [
            ("x", "none/", Errno::Noent),
            ("x", "dir/", Errno::Exist),
            ("x", "dir", Errno::Exist),
            ("x", "file/", Errno::Notdir),
            ("x", "file", Errno::Exist),
            ("x", "new", Errno::Exist),
            ("/", "root", Errno::Notcapable),
            ("", "empty", Errno::Noent),
            ("a\0", "nul", Errno::Inval),
        ] {
            assert_eq!(link(target, path), Err(errno), "{target} {path}");
        }
        let long = "x".repeat(4097);
        assert_eq!(link(&long, "long"), Err(Errno::Nametoolong));
    }

    #[test]
    fn a_hard_link_is_one_more_name() {
        let mut tree = example();
        let mut link = |from, to| tree.create_link(At::root(from), false, At::root(to), 1);
        assert_eq!(link("file", "dir/file"), Ok(()));
        for (from, to, errno) in [
            ("file", "file", Errno::Exist),
            ("file", "dir", Errno::Exist),
            ("file", "dangling", Errno::Exist),
            ("file", "none/", Errno::Noent),
            ("file/", "new", Errno::Notdir),
            ("dir", "new", Errno::Perm),
            ("none", "new", Errno::Noent),
        ] {
            assert_eq!(link(from, to), Err(errno), "{from} {to}");
        }
        // A link to a symbolic link, which leads nowhere.
        assert_eq!(link("dangling", "second"), Ok(()));
        let followed = tree.create_link(At::root("dangling"), true, At::root("third"), 1);
        assert_eq!(followed, Err(Errno::Noent));
        assert_eq!(tree.read_link(At::root("second")), Ok("nothing"));
        let id = tree.resolve(At::root("dir/file"), false).unwrap();
        assert_eq!(tree.stat(id).unwrap().links, 2);
        assert_eq!(tree.unlink(At::root("file"), 2), Ok(()));
        assert_eq!(tree.read_at(id, 0, 9), Ok(&b"1"[..]));
        assert_eq!(tree.stat(id).unwrap().links, 1);
    }

    #[test]
    fn a_read_only_tree_refuses_every_change() {
        let mut tree = example();
        tree.writable = false;
        let before = tree.clone();
        let id = tree.resolve(At::root("file"), false).unwrap();
        let (file, new) = (At::root("file"), At::root("new"));
        let refused = [
            tree.create_dir(new, 1),
            tree.create_symlink(b"x", new, 1),
            tree.create_link(file, false, new, 1),
            tree.rename(file, new, 1),
            tree.unlink(file, 1),
            tree.remove_dir(At::root("dir/sub"), 1),
            tree.set_times(id, Some(1), None, 1),
            tree.set_size(id, 0, 1),
            tree.allocate(id, 0, 9, 1),
            tree.write_at(id, 0, b"x", 1).map(drop),
            tree.open(
                new,
                Open {
                    create: true,
                    ..Open::default()
                },
                1,
            )
            .map(drop),
            tree.open(
                file,
                Open {
                    truncate: true,
                    ..Open::default()
                },
                1,
            )
            .map(drop),
            tree.open(
                file,
                Open {
                    write: true,
                    ..Open::default()
                },
                1,
            )
            .map(drop),
        ];
        assert_eq!(refused, [Err(Errno::Rofs); 13]);
        assert!(tree.nodes.is_copy_of(&before.nodes));
    }

    #[test]
    fn times_are_those_of_the_caller() {
        let mut tree = example();
        let file = tree.resolve(At::root("file"), false).unwrap();
        let times = |tree: &Tree, id| {
            let stat = tree.stat(id).unwrap();
            (stat.accessed, stat.modified, stat.changed)
        };
        tree.write_at(file, 0, b"x", 5).unwrap();
        assert_eq!(times(&tree, file), (0, 5, 5));
        tree.create_link(At::root("file"), false, At::root("dir/file"), 6)
            .unwrap();
        assert_eq!(times(&tree, file), (0, 5, 6));
        let dir = tree.resolve(At::root("dir"), false).unwrap();
        assert_eq!(times(&tree, dir), (0, 6, 6));
        tree.set_times(file, Some(1), None, 7).unwrap();
        assert_eq!(times(&tree, file), (1, 5, 7));
        tree.set_times(file, None, Some(2), 8).unwrap();
        assert_eq!(times(&tree, file), (1, 2, 8));
    }
}
