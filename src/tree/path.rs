//! Resolution of a path of a guest in a tree.

use super::{
    Tree,
    node::{Body, NodeId},
    walk::{End, Ground, Last, LastLink, walk},
};
use crate::tree::Errno;
use alloc::{sync::Arc, vec, vec::Vec};

/// Where a guest's path starts, and the path. It never leads above where it starts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At<'a> {
    /// A directory.
    pub(crate) base: NodeId,
    /// As the guest gave it.
    pub(crate) path: &'a [u8],
}

#[cfg(test)]
impl<'a> At<'a> {
    /// A path from the root.
    pub(super) fn root(path: &'a str) -> Self {
        Self {
            base: NodeId::ROOT,
            path: path.as_bytes(),
        }
    }
}

/// Where a path leads.
pub(super) struct Place {
    /// The directory in which the last name is looked up.
    pub(super) parent: NodeId,
    pub(super) last: Last,
    /// What is there, if anything.
    pub(super) node: Option<NodeId>,
    /// Whether slashes follow the last name, so that it must be that of a directory.
    pub(super) slash: bool,
}

/// Where a walk through a tree stands.
struct Standing<'a> {
    tree: &'a Tree,
    here: NodeId,
    /// The directories passed.
    above: Vec<NodeId>,
    steps: u64,
}

impl Tree {
    /// Finds where a path leads.
    ///
    /// # Errors
    /// `NOENT`, `NAMETOOLONG`, `ILSEQ`, `INVAL`, `NOTCAPABLE`, `NOTDIR`, `LOOP`.
    pub(super) fn walk(&mut self, at: At<'_>, last_link: LastLink) -> Result<Place, Errno> {
        let mut standing = Standing {
            tree: self,
            here: at.base,
            above: vec![],
            steps: 0,
        };
        let end = walk(&mut standing, at.path, last_link);
        let (parent, steps) = (standing.here, standing.steps);
        self.add_work(steps);
        let End { last, found, slash } = end?;
        self.directory(parent)?;
        Ok(Place {
            parent,
            node: match last {
                Last::Name(_) => found,
                Last::Dot | Last::DotDot => Some(parent),
            },
            last,
            slash,
        })
    }
}

impl Ground for Standing<'_> {
    type Found = NodeId;

    /// As many as a path can have that leads through no link: a name and a slash are two bytes.
    const MOST_STEPS: u64 = 2_048;

    fn count_step(&mut self) {
        self.steps = self.steps.saturating_add(1);
    }

    fn look_up(&mut self, name: &str) -> Result<Option<NodeId>, Errno> {
        Ok(self
            .tree
            .directory(self.here)?
            .get(name)
            .map(|found| found.node))
    }

    fn target(&mut self, _: &str, found: &NodeId) -> Result<Option<Arc<str>>, Errno> {
        Ok(match &self.tree.node(*found)?.body {
            Body::Symlink(target) => Some(Arc::clone(target)),
            Body::Directory(_) | Body::File(_) => None,
        })
    }

    fn enter(&mut self, _: &str, found: NodeId) -> Result<(), Errno> {
        self.tree.directory(found)?;
        self.above.push(self.here);
        self.here = found;
        Ok(())
    }

    fn leave(&mut self) -> Result<(), Errno> {
        self.here = self.above.pop().ok_or(Errno::Notcapable)?;
        Ok(())
    }
}

/// What every path must be, a link's target included.
///
/// # Errors
/// `NOENT`, `NAMETOOLONG`, `ILSEQ`, `INVAL`.
pub(crate) fn checked(path: &[u8]) -> Result<&str, Errno> {
    if path.is_empty() {
        return Err(Errno::Noent);
    }
    if path.len() > PATH_BYTES {
        return Err(Errno::Nametoolong);
    }
    let path = core::str::from_utf8(path).map_err(|_| Errno::Ilseq)?;
    if path.contains('\0') {
        return Err(Errno::Inval);
    }
    Ok(path)
}

/// Refuses a path that does not start at a directory which the guest was given.
pub(crate) fn relative(path: &str) -> Result<&str, Errno> {
    if path.starts_with('/') {
        return Err(Errno::Notcapable);
    }
    Ok(path)
}

/// The most bytes of a path, as in Linux; of one that a guest gives and of one from the root.
pub(super) const PATH_BYTES: usize = 4096;
/// The most bytes of a name, as in Linux.
pub(super) const NAME_BYTES: usize = 255;
/// The most bytes of a directory's path from the root: with any name in it, the path fits.
pub(crate) const DIRECTORY_PATH_BYTES: usize = PATH_BYTES - 1 - NAME_BYTES;
/// How many symbolic links one path may lead through, as in Linux.
pub(super) const LINKS_LIMIT: u8 = 40;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_checked_before_it_is_walked() {
        assert_eq!(checked(b""), Err(Errno::Noent));
        assert_eq!(checked(&[b'a'; PATH_BYTES + 1]), Err(Errno::Nametoolong));
        assert_eq!(checked(b"a\xff"), Err(Errno::Ilseq));
        assert_eq!(checked(b"a\0"), Err(Errno::Inval));
        assert_eq!(checked(&[b'a'; PATH_BYTES]).map(str::len), Ok(PATH_BYTES));
        assert_eq!(relative("/"), Err(Errno::Notcapable));
    }
}
