//! Opening of files and directories.

use super::{
    Tree,
    names::Maker,
    node::{Body, Content, Kind, NodeId},
    path::{At, Place},
    walk::{Last, LastLink},
};
use crate::tree::Errno;
use alloc::vec::Vec;

/// How to open.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Open {
    /// Follow a symbolic link at the end of the path.
    pub(crate) follow: bool,
    /// Make a file where there is nothing.
    pub(crate) create: bool,
    /// With `create`: fail where there is something.
    pub(crate) exclusive: bool,
    /// Open directories alone.
    pub(crate) directory: bool,
    /// Empty the file.
    pub(crate) truncate: bool,
    /// Be able to write.
    pub(crate) write: bool,
}

impl Open {
    pub(crate) fn last_link(self) -> LastLink {
        if self.create && self.exclusive {
            // A link is something, so it is in the way.
            LastLink::KeepAlways
        } else {
            LastLink::followed_if(self.follow)
        }
    }
}

impl Tree {
    /// Finds what is to be opened, and makes or empties it first if so asked. `now` is the time in
    /// nanoseconds.
    ///
    /// # Errors
    /// What finding the path answers, `NOENT`, `NOTDIR`, `NOSPC`; `EXIST` with `exclusive`; `ISDIR` for a
    /// directory that is to be written to, emptied or made; `LOOP` for a symbolic link that is not to be
    /// followed; `ROFS` where the tree would be changed and is read-only; `INVAL` to make a directory.
    pub(crate) fn open(&mut self, at: At<'_>, how: Open, now: u64) -> Result<NodeId, Errno> {
        if how.create && how.directory {
            return Err(Errno::Inval);
        }
        let place = self.walk(at, how.last_link())?;
        let Some(id) = place.node else {
            return self.open_new(place, how, now);
        };
        if how.create && how.exclusive {
            return Err(Errno::Exist);
        }
        self.open_old(id, place.slash, how, now)
    }

    fn open_new(&mut self, place: Place, how: Open, now: u64) -> Result<NodeId, Errno> {
        let Last::Name(name) = place.last else {
            return Err(Errno::Noent);
        };
        if !how.create {
            return Err(Errno::Noent);
        }
        if place.slash {
            return Err(Errno::Isdir);
        }
        self.must_be_writable()?;
        self.must_be_alive(place.parent)?;
        let body = Body::File(Content::new(Vec::new(), self.guest));
        self.add_node(place.parent, name, body, Maker::guest(now))
    }

    fn open_old(&mut self, id: NodeId, slash: bool, how: Open, now: u64) -> Result<NodeId, Errno> {
        match self.node(id)?.kind() {
            Kind::Directory if how.create || how.truncate || how.write => Err(Errno::Isdir),
            Kind::Directory => Ok(id),
            Kind::Symlink if how.directory => Err(Errno::Notdir),
            Kind::Symlink => Err(Errno::Loop),
            #[cfg(feature = "dir")]
            Kind::Other => Err(Errno::Nxio),
            Kind::File if how.directory || slash => Err(Errno::Notdir),
            Kind::File => {
                if how.write || how.truncate {
                    self.must_be_writable()?;
                }
                if how.truncate {
                    self.set_size(id, 0, now)?;
                }
                Ok(id)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    fn example() -> Tree {
        let tree = Tree::new()
            .file("/file", "123")
            .unwrap()
            .dir("/dir")
            .unwrap();
        let tree = tree
            .symlink("/to_file", "file")
            .unwrap()
            .symlink("/to_dir", "dir")
            .unwrap();
        let tree = tree.symlink("/dangling", "dir/made").unwrap();
        tree.symlink("/self", "self").unwrap().writable()
    }

    const PLAIN: Open = Open {
        follow: false,
        create: false,
        exclusive: false,
        directory: false,
        truncate: false,
        write: false,
    };
    const FOLLOW: Open = Open {
        follow: true,
        ..PLAIN
    };
    const CREATE: Open = Open {
        create: true,
        ..PLAIN
    };
    const EXCLUSIVE: Open = Open {
        exclusive: true,
        ..CREATE
    };
    const DIRECTORY: Open = Open {
        directory: true,
        ..PLAIN
    };
    const TRUNCATE: Open = Open {
        truncate: true,
        ..PLAIN
    };
    const WRITE: Open = Open {
        write: true,
        ..PLAIN
    };

    #[test]
    fn what_cannot_be_opened_says_why() {
        for (path, how, errno) in [
            ("none", PLAIN, Errno::Noent),
            ("none/", CREATE, Errno::Isdir),
            ("none/x", CREATE, Errno::Noent),
            ("file/", PLAIN, Errno::Notdir),
            ("file///", FOLLOW, Errno::Notdir),
            ("file/.", PLAIN, Errno::Notdir),
            ("file", DIRECTORY, Errno::Notdir),
            ("file", EXCLUSIVE, Errno::Exist),
            ("dir", EXCLUSIVE, Errno::Exist),
            (
                "dangling",
                Open {
                    follow: true,
                    ..EXCLUSIVE
                },
                Errno::Exist,
            ),
            ("dir", CREATE, Errno::Isdir),
            ("dir", WRITE, Errno::Isdir),
            (
                ".",
                Open {
                    directory: true,
                    ..WRITE
                },
                Errno::Isdir,
            ),
            ("dir", TRUNCATE, Errno::Isdir),
            ("to_file", PLAIN, Errno::Loop),
            ("to_dir", DIRECTORY, Errno::Notdir),
            (
                "to_file",
                Open {
                    follow: true,
                    ..DIRECTORY
                },
                Errno::Notdir,
            ),
            ("dangling", PLAIN, Errno::Loop),
            ("dangling", FOLLOW, Errno::Noent),
            ("self", FOLLOW, Errno::Loop),
            ("self", PLAIN, Errno::Loop),
            (
                "new",
                Open {
                    directory: true,
                    ..CREATE
                },
                Errno::Inval,
            ),
        ] {
            let mut tree = example();
            assert_eq!(
                tree.open(At::root(path), how, 1),
                Err(errno),
                "{path} {how:?}"
            );
            assert_eq!(tree, example(), "{path} {how:?}");
        }
    }

    #[test]
    fn what_is_there_is_opened() {
        let mut tree = example();
        let ids = ["file", "dir"].map(|path| tree.resolve(At::root(path), false).unwrap());
        for (path, how, id) in [
            ("file", PLAIN, ids[0]),
            ("file", CREATE, ids[0]),
            ("to_file", FOLLOW, ids[0]),
            (
                "to_file",
                Open {
                    follow: true,
                    ..CREATE
                },
                ids[0],
            ),
            ("dir", PLAIN, ids[1]),
            ("dir/", DIRECTORY, ids[1]),
            ("to_dir/", PLAIN, ids[1]),
            (
                "to_dir",
                Open {
                    follow: true,
                    ..DIRECTORY
                },
                ids[1],
            ),
            (".", PLAIN, NodeId::ROOT),
            ("dir/..", DIRECTORY, NodeId::ROOT),
        ] {
            assert_eq!(tree.open(At::root(path), how, 1), Ok(id), "{path} {how:?}");
        }
        assert_eq!(tree, example());
    }

    #[test]
    fn a_file_is_made_where_there_is_none_and_emptied_where_there_is() {
        let mut tree = example();
        let made = tree.open(At::root("dir/new"), EXCLUSIVE, 1).unwrap();
        assert_eq!(tree.stat(made).unwrap().links, 1);
        // At the end of a dangling link, too.
        tree.open(
            At::root("dangling"),
            Open {
                follow: true,
                ..CREATE
            },
            1,
        )
        .unwrap();
        assert_eq!(tree.get("/dir/made"), Some(&b""[..]));
        assert_eq!(tree.open(At::root("dangling"), CREATE, 1), Err(Errno::Loop));
        tree.open(
            At::root("to_file"),
            Open {
                follow: true,
                ..TRUNCATE
            },
            1,
        )
        .unwrap();
        assert_eq!(tree.get("/file"), Some(&b""[..]));
    }

    #[test]
    fn a_read_only_tree_opens_what_is_there() {
        let mut tree = example();
        tree.writable = false;
        assert!(tree.open(At::root("file"), CREATE, 1).is_ok());
        assert_eq!(tree.open(At::root("file"), EXCLUSIVE, 1), Err(Errno::Exist));
    }
}
