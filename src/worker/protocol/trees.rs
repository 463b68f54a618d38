//! Trees as bytes: what is at which path, one after another.

use super::frame::Malformed;
use crate::tree::{Entry, Tree, TreeError};
use alloc::{collections::BTreeSet, vec::Vec};

/// How much the trees of a run can be, all together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::worker) struct Most {
    /// Trees.
    pub(in crate::worker) trees: u64,
    /// Files, directories and links.
    pub(in crate::worker) nodes: u64,
    /// Bytes of what they hold.
    pub(in crate::worker) bytes: u64,
}

impl Most {
    /// The most that all of it takes as bytes: each node has a path, too.
    pub(in crate::worker) fn encoded(&self) -> u64 {
        let paths = self.nodes.saturating_mul(LONGEST_PATH.saturating_add(HEAD));
        self.bytes.saturating_add(paths)
    }

    /// Takes so many nodes from it.
    fn take(&mut self, nodes: u64) -> Result<(), Malformed> {
        self.nodes = self.nodes.checked_sub(nodes).ok_or(Malformed::Length)?;
        Ok(())
    }
}

/// A path has no more bytes.
const LONGEST_PATH: u64 = 4_096;

/// What a node takes beside its path and what it holds, in bytes: its kind and two lengths.
const HEAD: u64 = 13;

const DIRECTORY: u8 = 0;
const FILE: u8 = 1;
const SYMLINK: u8 = 2;
const HARD_LINK: u8 = 3;

/// Appends `tree` to `body`.
pub(in crate::worker) fn write(tree: &Tree, body: &mut Vec<u8>) {
    for (path, entry) in tree.paths() {
        let (kind, held): (u8, &[u8]) = match &entry {
            Entry::Directory => (DIRECTORY, &[]),
            Entry::File(bytes) => (FILE, bytes),
            Entry::Symlink(target) => (SYMLINK, target.as_bytes()),
            Entry::HardLink(first) => (HARD_LINK, first.as_bytes()),
        };
        body.push(kind);
        // Paths are bounded; no tree holds what has a longer length.
        let path_len = u32::try_from(path.len()).unwrap_or(u32::MAX);
        body.extend_from_slice(&path_len.to_le_bytes());
        let held_len = u64::try_from(held.len()).unwrap_or(u64::MAX);
        body.extend_from_slice(&held_len.to_le_bytes());
        body.extend_from_slice(path.as_bytes());
        body.extend_from_slice(held);
    }
}

/// Reads a tree that is all of `bytes`, and takes its nodes from `most`.
///
/// # Errors
/// [`Malformed::Length`] for more than there can be, [`Malformed::Head`] for what is no tree.
pub(in crate::worker) fn read(mut bytes: &[u8], most: &mut Most) -> Result<Tree, Malformed> {
    let mut tree = Tree::new();
    // Each is told before what is in it, so that no path makes more than one node.
    let mut directories = BTreeSet::from([""]);
    let mut hard_links: Vec<(&str, &str)> = Vec::new();
    while !bytes.is_empty() {
        most.take(1)?;
        let [kind] = *take_array::<1>(&mut bytes)?;
        let path_len = u64::from(u32::from_le_bytes(*take_array(&mut bytes)?));
        let held_len = u64::from_le_bytes(*take_array(&mut bytes)?);
        let path = text(take(&mut bytes, path_len)?)?;
        let held = take(&mut bytes, held_len)?;
        let (parent, _) = path.rsplit_once('/').ok_or(Malformed::Head)?;
        if !directories.contains(parent) {
            return Err(Malformed::Head);
        }
        tree = match kind {
            DIRECTORY => {
                directories.insert(path);
                tree.dir(path).map_err(no_tree)?
            }
            FILE => tree.file(path, held).map_err(no_tree)?,
            SYMLINK => tree.symlink(path, text(held)?).map_err(no_tree)?,
            HARD_LINK => {
                hard_links.push((path, text(held)?));
                tree
            }
            _ => return Err(Malformed::Head),
        };
    }
    // What they lead to may come after them.
    for (path, first) in hard_links {
        tree = tree.hard_link(path, first).map_err(no_tree)?;
    }
    Ok(tree)
}

fn take_array<'a, const LEN: usize>(bytes: &mut &'a [u8]) -> Result<&'a [u8; LEN], Malformed> {
    let (taken, rest) = bytes.split_first_chunk().ok_or(Malformed::Length)?;
    *bytes = rest;
    Ok(taken)
}

fn take<'a>(bytes: &mut &'a [u8], len: u64) -> Result<&'a [u8], Malformed> {
    let len = usize::try_from(len).map_err(|_| Malformed::Length)?;
    let (taken, rest) = bytes.split_at_checked(len).ok_or(Malformed::Length)?;
    *bytes = rest;
    Ok(taken)
}

fn text(bytes: &[u8]) -> Result<&str, Malformed> {
    str::from_utf8(bytes).map_err(|_| Malformed::Head)
}

fn no_tree(_: TreeError) -> Malformed {
    Malformed::Head
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MOST: Most = Most {
        trees: 1,
        nodes: 6,
        bytes: 100,
    };

    fn tree() -> Tree {
        let tree = Tree::new().file("/z/text", "hello").unwrap();
        let tree = tree.file("/bytes", b"\xff").unwrap().dir("/empty").unwrap();
        let tree = tree.symlink("/link", "a/text").unwrap();
        tree.hard_link("/a", "/z/text").unwrap()
    }

    #[test]
    fn a_tree_comes_back_and_one_node_more_than_there_can_be_does_not() {
        let mut bytes = Vec::new();
        write(&tree(), &mut bytes);
        assert!(u64::try_from(bytes.len()).unwrap() <= MOST.encoded());
        assert_eq!(read(&bytes, &mut MOST.clone()), Ok(tree()));
        let mut less = Most { nodes: 5, ..MOST };
        assert_eq!(read(&bytes, &mut less), Err(Malformed::Length));
    }

    proptest! {
        #[test]
        fn no_bytes_make_more_than_there_can_be(bytes: Vec<u8>, at: usize, byte: u8) {
            let _ = read(&bytes, &mut MOST.clone());
            let mut changed = Vec::new();
            write(&tree(), &mut changed);
            let at = at.checked_rem(changed.len()).unwrap_or(0);
            changed[at] = byte;
            if let Ok(tree) = read(&changed, &mut MOST.clone()) {
                prop_assert!(tree.paths().count() <= 6);
            }
        }
    }
}
