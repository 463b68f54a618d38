//! Renames: a name is moved, by the rules of POSIX.

use super::{
    Tree,
    directory::step,
    names::one_name,
    node::{Body, Kind, NodeId},
    path::{At, Place},
    quota::Amount,
    walk::{Last, LastLink},
};
use crate::tree::Errno;
use alloc::sync::Arc;

/// A name that is to be moved.
struct Move {
    id: NodeId,
    from: NodeId,
    old: Arc<str>,
    to: NodeId,
    new: Arc<str>,
    /// What `new` leads to until then.
    replaced: Option<NodeId>,
}

impl Tree {
    /// Moves a name, in place of another of the same kind if there is one.
    ///
    /// # Errors
    /// `ROFS`, what finding the paths answers, `NOENT`, `NOTDIR`, `ISDIR`, `NOTEMPTY`, `NOSPC`; `BUSY`
    /// for `.` and `..`; `INVAL` for a directory into itself; `NAMETOOLONG` if the path of a directory
    /// from the root would be.
    pub(crate) fn rename(&mut self, from: At<'_>, to: At<'_>, now: u64) -> Result<(), Errno> {
        self.must_be_writable()?;
        let from = self.walk(from, LastLink::KeepAlways)?;
        let to = self.walk(to, LastLink::KeepAlways)?;
        let moved = self.planned(from, to)?;
        if moved.replaced == Some(moved.id) {
            return Ok(());
        }
        self.make_room(&moved)?;
        self.carry_out(&moved, now)
    }

    /// Checks that a name can be moved.
    fn planned(&mut self, from: Place, to: Place) -> Result<Move, Errno> {
        let (Last::Name(old), Last::Name(new)) = (from.last, to.last) else {
            return Err(Errno::Busy);
        };
        let id = from.node.ok_or(Errno::Noent)?;
        let is_dir = self.node(id)?.kind() == Kind::Directory;
        if !is_dir && (from.slash || to.slash) {
            return Err(Errno::Notdir);
        }
        self.must_be_alive(to.parent)?;
        if is_dir && self.is_within(to.parent, id) {
            return Err(Errno::Inval);
        }
        if let Some(replaced) = to.node {
            match &self.node(replaced)?.body {
                Body::Directory(_) if !is_dir => return Err(Errno::Isdir),
                Body::File(_) | Body::Symlink(_) if is_dir => return Err(Errno::Notdir),
                Body::Directory(directory) if !directory.is_empty() && replaced != id => {
                    return Err(Errno::Notempty);
                }
                Body::Directory(_) | Body::File(_) | Body::Symlink(_) => {}
            }
        }
        Ok(Move {
            id,
            from: from.parent,
            old,
            to: to.parent,
            new,
            replaced: to.node,
        })
    }

    /// Checks the length of paths, and exchanges what the old name counts for with what the new does.
    fn make_room(&mut self, moved: &Move) -> Result<(), Errno> {
        if let Body::Directory(directory) = &self.node(moved.id)?.body {
            let more = step(moved.new.len()).saturating_add(directory.reach());
            self.path_must_fit(moved.to, more)?;
        }
        let old = self
            .directory(moved.from)?
            .get(&moved.old)
            .ok_or(Errno::Noent)?;
        let come = match moved.replaced {
            Some(_) => Amount::default(),
            None => one_name(&moved.new),
        };
        let gone = self.taken_by(&moved.old, old);
        self.quota.exchange(gone, come)
    }

    fn carry_out(&mut self, moved: &Move, now: u64) -> Result<(), Errno> {
        let Move { id, from, to, .. } = *moved;
        let guest = self.guest;
        self.lost(from, id, now)?;
        if let Some(replaced) = moved.replaced {
            self.directory_mut(from)?.remove(&moved.old);
            self.directory_mut(to)?.redirect(&moved.new, id);
            self.lost(to, replaced, now)?;
            self.discard(replaced)?;
        } else if from == to {
            self.directory_mut(from)?
                .respell(&moved.old, Arc::clone(&moved.new), guest);
        } else {
            self.directory_mut(from)?.remove(&moved.old);
            self.directory_mut(to)?
                .add(Arc::clone(&moved.new), id, guest);
        }
        if let Body::Directory(directory) = &mut self.node_mut(id)?.body {
            directory.parent = to;
            directory.name_len = moved.new.len();
        }
        self.gained(to, id, now)
    }

    /// Whether a directory is another one or somewhere in it.
    fn is_within(&mut self, id: NodeId, other: NodeId) -> bool {
        let mut work = 0_u64;
        let within = self
            .upwards(id)
            .inspect(|_| work = work.saturating_add(1))
            .any(|(id, _)| id == other);
        self.add_work(work);
        within
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    fn example() -> Tree {
        let tree = Tree::new()
            .file("/file", "1")
            .unwrap()
            .file("/other", "2")
            .unwrap();
        let tree = tree.file("/full/x", "").unwrap().dir("/dir/sub").unwrap();
        tree.dir("/empty")
            .unwrap()
            .symlink("/link", "dir")
            .unwrap()
            .writable()
    }

    #[test]
    fn names_move_by_the_rules_of_posix() {
        for (from, to, expected) in [
            ("file", "new", Ok(())),
            ("file", "dir/new", Ok(())),
            ("file", "other", Ok(())),
            ("file", "link", Ok(())),
            ("file", "link/new", Ok(())),
            ("link", "file", Ok(())),
            ("file", "file", Ok(())),
            ("dir", "dir/", Ok(())),
            ("dir", "empty", Ok(())),
            ("dir/", "new/", Ok(())),
            ("dir/sub", "new", Ok(())),
            ("file", "empty", Err(Errno::Isdir)),
            ("dir", "file", Err(Errno::Notdir)),
            ("dir", "link", Err(Errno::Notdir)),
            ("dir", "full", Err(Errno::Notempty)),
            ("dir/sub", "dir", Err(Errno::Notempty)),
            ("dir", "dir/sub", Err(Errno::Inval)),
            ("dir", "dir/sub/new", Err(Errno::Inval)),
            ("dir", "link/new", Err(Errno::Inval)),
            ("file/", "new", Err(Errno::Notdir)),
            ("file", "new/", Err(Errno::Notdir)),
            ("file/", "new/", Err(Errno::Notdir)),
            ("link/", "new", Err(Errno::Notdir)),
            ("none", "new", Err(Errno::Noent)),
            ("none", "none", Err(Errno::Noent)),
            ("file", "none/new", Err(Errno::Noent)),
            (".", "new", Err(Errno::Busy)),
            ("dir", ".", Err(Errno::Busy)),
            ("dir/..", "new", Err(Errno::Busy)),
            ("..", "new", Err(Errno::Notcapable)),
        ] {
            let mut tree = example();
            let before = tree.clone();
            let result = tree.rename(At::root(from), At::root(to), 1);
            assert_eq!(result, expected, "{from} {to}");
            if result.is_err() || from.trim_end_matches('/') == to.trim_end_matches('/') {
                assert_eq!(tree, before, "{from} {to}");
            } else {
                let gone = tree.resolve(At::root(from.trim_end_matches('/')), false);
                assert_eq!(gone, Err(Errno::Noent), "{from} {to}");
                assert!(tree.resolve(At::root(to), false).is_ok(), "{from} {to}");
            }
        }
    }

    #[test]
    fn two_names_of_one_file_stay_as_they_are() {
        let mut tree = example();
        tree.create_link(At::root("file"), false, At::root("twin"), 1)
            .unwrap();
        let before = tree.clone();
        assert_eq!(tree.rename(At::root("file"), At::root("twin"), 2), Ok(()));
        assert_eq!(tree, before);
    }

    #[test]
    fn a_name_that_takes_the_place_of_another_is_listed_there() {
        let mut tree = example();
        let names = |tree: &Tree| {
            let lines = tree.read_dir(NodeId::ROOT, 0).unwrap();
            lines
                .map(|line| (line.next, alloc::string::String::from(line.name)))
                .collect::<alloc::vec::Vec<_>>()
        };
        let before = names(&tree);
        tree.rename(At::root("other"), At::root("file"), 1).unwrap();
        let rest: alloc::vec::Vec<_> = before
            .into_iter()
            .filter(|(_, name)| name != "other")
            .collect();
        assert_eq!(names(&tree), rest);
    }

    #[test]
    fn a_directory_cannot_be_moved_to_where_its_paths_get_too_long() {
        let mut tree = Tree::new().writable();
        let name = "d".repeat(255);
        let mut deep = alloc::string::String::new();
        // 14 names with a slash each are 3,584 bytes of the 3,840 that a directory's path may have.
        for _ in 0..14 {
            deep.push_str(&name);
            tree.create_dir(At::root(&deep), 1).unwrap();
            deep.push('/');
        }
        let (long, short) = ("l".repeat(120), "s".repeat(119));
        for (path, expected) in [(&long, Err(Errno::Nametoolong)), (&short, Ok(()))] {
            tree.create_dir(At::root(path), 1).unwrap();
            // One byte more than fits, with both slashes: 3,584 + 1 + 120 + 1 + 135.
            let inner = alloc::format!("{path}/{}", "i".repeat(135));
            tree.create_dir(At::root(&inner), 1).unwrap();
            let to = alloc::format!("{deep}{path}");
            assert_eq!(tree.rename(At::root(path), At::root(&to), 2), expected);
        }
        let over = alloc::format!("{deep}{}", "o".repeat(255));
        assert_eq!(tree.create_dir(At::root(&over), 3), Ok(()));
        let over = alloc::format!("{over}/o");
        assert_eq!(tree.create_dir(At::root(&over), 3), Err(Errno::Nametoolong));
    }
}
