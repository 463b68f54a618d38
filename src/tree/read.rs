//! Reads: contents and metadata, without any change.

use super::{
    Tree,
    node::{Body, Kind, NodeId, length},
    path::At,
    walk::LastLink,
};
use crate::tree::Errno;

/// What a guest may know about a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stat {
    pub(crate) inode: u64,
    pub(crate) kind: Kind,
    /// How many names lead there; for a directory 2 and one for each directory in it.
    pub(crate) links: u64,
    /// Of a file's contents or a link's target in bytes; of a directory 0.
    pub(crate) size: u64,
    /// In nanoseconds, as are the others. Reading does not change it.
    pub(crate) accessed: u64,
    /// When what it holds changed.
    pub(crate) modified: u64,
    /// When anything about it changed.
    pub(crate) changed: u64,
}

/// One line of a directory's listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// The cookie that goes on after this line.
    pub(crate) next: u64,
    pub(crate) inode: u64,
    pub(crate) kind: Kind,
    pub(crate) name: &'a str,
}

/// How a piece of a listing ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listed {
    /// All was given, or all that was wanted.
    All,
    /// There is more, from this cookie on.
    More { from: u64 },
}

/// As many lines take some tens of microseconds.
const LINES_PER_PIECE: usize = 128;

impl Tree {
    /// Finds what is there.
    ///
    /// # Errors
    /// `NOENT`, `NOTDIR`, `LOOP`, `NAMETOOLONG`, `ILSEQ`; `INVAL` for a NUL; `NOTCAPABLE` for a path that
    /// leads above the base or starts at the root, by a symbolic link too.
    pub(crate) fn resolve(&mut self, at: At<'_>, follow: bool) -> Result<NodeId, Errno> {
        let place = self.walk(at, LastLink::followed_if(follow))?;
        let id = place.node.ok_or(Errno::Noent)?;
        if place.slash {
            self.directory(id)?;
        }
        Ok(id)
    }

    /// The target of a symbolic link.
    ///
    /// # Errors
    /// What [`resolve`](Self::resolve) answers; `INVAL` if it is not a symbolic link.
    pub(crate) fn read_link(&mut self, at: At<'_>) -> Result<&str, Errno> {
        let id = self.resolve(at, false)?;
        match &self.node(id)?.body {
            Body::Symlink(target) => Ok(target),
            Body::Directory(_) | Body::File(_) => Err(Errno::Inval),
        }
    }

    /// What is known about a node.
    ///
    /// # Errors
    /// `BADF` if there is none.
    pub(crate) fn stat(&self, id: NodeId) -> Result<Stat, Errno> {
        let node = self.node(id)?;
        Ok(Stat {
            inode: id.inode(),
            kind: node.kind(),
            links: node.links,
            size: match &node.body {
                Body::Directory(_) => 0,
                Body::File(content) => length(content.bytes.len()),
                Body::Symlink(target) => length(target.len()),
            },
            accessed: node.accessed,
            modified: node.modified,
            changed: node.changed,
        })
    }

    /// The contents of a file from `offset` on, at most `len` bytes; empty from its end on.
    ///
    /// # Errors
    /// `ISDIR`, `BADF`.
    pub(crate) fn read_at(&self, id: NodeId, offset: u64, len: usize) -> Result<&[u8], Errno> {
        let bytes = &self.content(id)?.bytes;
        let start = usize::try_from(offset)
            .unwrap_or(usize::MAX)
            .min(bytes.len());
        let end = start.saturating_add(len).min(bytes.len());
        Ok(bytes.get(start..end).unwrap_or_default())
    }

    /// Gives a piece of the [listing](Self::read_dir) of a directory to `each`, from a cookie on, until that
    /// wants no more.
    ///
    /// # Errors
    /// As [`read_dir`](Self::read_dir).
    pub(crate) fn read_lines(
        &mut self,
        id: NodeId,
        cookie: u64,
        each: &mut dyn FnMut(Line<'_>) -> bool,
    ) -> Result<Listed, Errno> {
        let (mut looked_at, mut from) = (0, cookie);
        let mut listed = Listed::All;
        for line in self.read_dir(id, cookie)? {
            if looked_at >= LINES_PER_PIECE {
                listed = Listed::More { from };
                break;
            }
            looked_at = looked_at.saturating_add(1);
            from = line.next;
            if !each(line) {
                break;
            }
        }
        self.add_work(length(looked_at));
        Ok(listed)
    }

    /// The listing of a directory from a cookie on: from the start for 0, else from where the line with
    /// that [`next`](Line::next) left off. Any other number is a place in between, too.
    ///
    /// `.` and `..` come first, the rest in the order in which names came to the directory. Names that
    /// stay are listed once, whatever comes and goes between two calls.
    ///
    /// # Errors
    /// `NOTDIR`, `BADF`; `NOENT` if the directory was removed.
    pub(crate) fn read_dir(
        &self,
        id: NodeId,
        cookie: u64,
    ) -> Result<impl Iterator<Item = Line<'_>>, Errno> {
        let directory = self.directory(id)?;
        self.must_be_alive(id)?;
        let dots = [(1, ".", id), (2, "..", directory.parent)];
        let dots = dots.into_iter().filter(move |(next, ..)| *next > cookie);
        let lines = dots.chain(directory.names_from(cookie));
        Ok(lines.filter_map(|(next, name, id)| {
            let kind = self.node(id).ok()?.kind();
            Some(Line {
                next,
                inode: id.inode(),
                kind,
                name,
            })
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{string::String, vec::Vec};

    fn example() -> Tree {
        let tree = Tree::new().file("/dir/nested/file", "123").unwrap();
        let tree = tree
            .symlink("/to_dir", "dir/")
            .unwrap()
            .symlink("/to_file", "dir/nested/file")
            .unwrap();
        let tree = tree
            .symlink("/up", "..")
            .unwrap()
            .symlink("/root", "/dir")
            .unwrap();
        tree.symlink("/dir/out", "../dir/../..")
            .unwrap()
            .symlink("/dir/in", "nested/../../dir")
            .unwrap()
    }

    #[test]
    fn paths_lead_where_they_say() {
        let mut tree = example();
        let ids = ["dir", "dir/nested", "dir/nested/file"]
            .map(|path| tree.resolve(At::root(path), false).unwrap());
        for (path, id) in [
            ("dir/.//nested/../../dir/nested/../nested///./file", ids[2]),
            ("dir/nested/", ids[1]),
            ("dir/nested///", ids[1]),
            ("to_dir/nested", ids[1]),
            ("to_dir/", ids[0]),
            (
                "to_dir/../to_file",
                tree.resolve(At::root("to_file"), false).unwrap(),
            ),
            ("dir/in/nested", ids[1]),
            ("./.", NodeId::ROOT),
        ] {
            assert_eq!(tree.resolve(At::root(path), false), Ok(id), "{path}");
        }
        assert_eq!(tree.resolve(At::root("to_file"), true), Ok(ids[2]));
    }

    #[test]
    fn no_path_leads_out() {
        let mut tree = example();
        for path in [
            "/dir/nested/file",
            "..",
            "dir/../..",
            "up",
            "root",
            "dir/out",
            "dir/nested/../../../x",
        ] {
            assert_eq!(
                tree.resolve(At::root(path), true),
                Err(Errno::Notcapable),
                "{path}"
            );
        }
        // What leads no further than the root, but above where the path starts.
        let base = tree.resolve(At::root("dir"), false).unwrap();
        for path in [&b".."[..], b"nested/../..", b"in", b"out"] {
            assert_eq!(
                tree.resolve(At { base, path }, true),
                Err(Errno::Notcapable)
            );
        }
    }

    #[test]
    fn what_is_not_found_says_why() {
        let mut tree = example();
        let long = "n".repeat(256);
        for (path, errno) in [
            ("none", Errno::Noent),
            ("none/x", Errno::Noent),
            ("none/..", Errno::Noent),
            ("", Errno::Noent),
            ("dir/nested/file/", Errno::Notdir),
            ("dir/nested/file/..", Errno::Notdir),
            ("to_file/", Errno::Notdir),
            ("dir/nested/file\0", Errno::Inval),
            (&long, Errno::Nametoolong),
        ] {
            assert_eq!(tree.resolve(At::root(path), true), Err(errno), "{path}");
        }
        let file = tree.resolve(At::root("dir/nested/file"), false).unwrap();
        let at = At {
            base: file,
            path: b".",
        };
        assert_eq!(tree.resolve(at, true), Err(Errno::Notdir));
    }

    #[test]
    fn a_path_leads_through_forty_links_and_no_more() {
        let mut tree = Tree::new().file("/0", "").unwrap();
        for link in 1..=41 {
            let target = alloc::format!("{}", link - 1);
            tree = tree.symlink(&alloc::format!("/{link}"), &target).unwrap();
        }
        assert!(tree.resolve(At::root("40"), true).is_ok());
        assert_eq!(tree.resolve(At::root("41"), true), Err(Errno::Loop));
        assert!(tree.resolve(At::root("41"), false).is_ok());
    }

    #[test]
    fn a_path_has_no_more_parts_through_links_than_one_without_can_have() {
        let links = |parts: usize| {
            let mut tree = Tree::new().dir("/d").unwrap();
            tree = tree.symlink("/link", &"d/../".repeat(parts / 2)).unwrap();
            tree.resolve(At::root("link/"), true).map(drop)
        };
        // One more for the link itself; the last part is looked up, too.
        assert_eq!(links(1_600), Ok(()));
        let mut tree = Tree::new().symlink("/a", &"./".repeat(2_047)).unwrap();
        assert_eq!(tree.resolve(At::root("a/"), true), Ok(NodeId::ROOT));
        assert_eq!(
            tree.resolve(At::root("./a/"), true),
            Err(Errno::Nametoolong)
        );
        let plain = "./".repeat(2_048);
        assert_eq!(tree.resolve(At::root(&plain), true), Ok(NodeId::ROOT));
    }

    #[test]
    fn a_listing_comes_in_pieces() {
        let mut tree = Tree::new();
        for number in 0..300 {
            tree = tree.dir(&alloc::format!("/{number}")).unwrap();
        }
        let (mut names, mut next, mut pieces) = (0, 0, 0);
        tree.take_work();
        while let Listed::More { from } = tree
            .read_lines(NodeId::ROOT, next, &mut |_| {
                names += 1;
                true
            })
            .unwrap()
        {
            assert_eq!(tree.take_work(), 128);
            (next, pieces) = (from, pieces + 1);
        }
        assert_eq!((names, pieces), (302, 2));
    }

    #[test]
    fn work_counts_the_names_that_links_hide() {
        let mut tree = Tree::new().symlink("/link", &"./".repeat(1_000)).unwrap();
        tree.take_work();
        tree.resolve(At::root("link/"), true).unwrap();
        assert_eq!(tree.take_work(), 1_001);
    }

    #[test]
    fn a_listing_starts_with_the_dots_and_goes_on_from_any_cookie() {
        let tree = example();
        let names = |cookie| -> Vec<String> {
            let lines = tree.read_dir(NodeId::ROOT, cookie).unwrap();
            lines.map(|line| line.name.into()).collect()
        };
        let all = names(0);
        assert_eq!(all, [".", "..", "dir", "to_dir", "to_file", "up", "root"]);
        let cookies: Vec<_> = tree
            .read_dir(NodeId::ROOT, 0)
            .unwrap()
            .map(|line| line.next)
            .collect();
        for (index, cookie) in cookies.iter().enumerate() {
            assert_eq!(names(*cookie), all[index + 1..]);
        }
        assert!(names(u64::MAX).is_empty());
        let kinds: Vec<_> = tree
            .read_dir(NodeId::ROOT, 2)
            .unwrap()
            .map(|line| line.kind)
            .collect();
        assert_eq!(kinds[..2], [Kind::Directory, Kind::Symlink]);
    }

    #[test]
    fn reading_ends_where_the_file_does() {
        let mut tree = example();
        let file = tree.resolve(At::root("to_file"), true).unwrap();
        for (offset, len, expected) in [
            (0, 2, &b"12"[..]),
            (1, 9, b"23"),
            (3, 1, b""),
            (u64::MAX, usize::MAX, b""),
        ] {
            assert_eq!(tree.read_at(file, offset, len), Ok(expected));
        }
        assert_eq!(tree.read_at(NodeId::ROOT, 0, 1), Err(Errno::Isdir));
        assert_eq!(tree.read_link(At::root("to_file")), Ok("dir/nested/file"));
        assert_eq!(tree.read_link(At::root("dir")), Err(Errno::Inval));
        assert_eq!(tree.stat(file).unwrap().size, 3);
    }
}
