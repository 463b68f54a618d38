//! A file system as simple as can be: a map from whole paths to what is there, copied for each attempt and
//! counted again each time.

mod change;
mod find;

use crate::tree::{Errno, Kind};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::String,
    vec,
    vec::Vec,
};

/// The path of directories that were removed; nothing is in them.
const REMOVED: &str = "!";

#[derive(Clone, Debug)]
pub(super) enum What {
    Directory,
    File { bytes: Vec<u8>, counted: bool },
    Symlink(String),
}

#[derive(Clone, Copy, Debug)]
struct Name {
    node: usize,
    counted: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Model {
    /// From `/a/b`; the root is the empty path and node 0.
    names: BTreeMap<String, Name>,
    nodes: Vec<(What, bool)>,
    /// Where open directories are now.
    pub(super) bases: Vec<(String, usize)>,
    pub(super) files: Vec<usize>,
    pub(super) bytes_limit: u64,
    pub(super) nodes_limit: u64,
    ceiling: u64,
}

impl Model {
    pub(super) fn new(bytes_limit: u64, nodes_limit: u64) -> Self {
        Self {
            names: BTreeMap::new(),
            nodes: vec![(What::Directory, false)],
            bases: vec![(String::new(), 0)],
            files: vec![],
            bytes_limit,
            nodes_limit,
            ceiling: u64::MAX,
        }
    }

    pub(super) fn put(&mut self, path: &str, what: What, counted: bool) -> usize {
        self.nodes.push((what, counted));
        let node = self.nodes.len() - 1;
        self.names.insert(path.into(), Name { node, counted });
        node
    }

    pub(super) fn set_room(&mut self, room: u64) {
        self.ceiling = self.usage()[0].saturating_add(room);
    }

    /// Bytes, nodes and names of the guest.
    pub(super) fn usage(&self) -> [u64; 3] {
        let mut alive: BTreeSet<usize> = self.names.values().map(|name| name.node).collect();
        alive.extend(self.files.iter());
        alive.extend(self.bases.iter().map(|(_, node)| node));
        let mut usage = [0, 0, 0];
        for node in alive {
            let (what, counted) = &self.nodes[node];
            usage[1] += u64::from(*counted);
            usage[0] += match what {
                What::File {
                    bytes,
                    counted: true,
                } => bytes.len() as u64,
                What::Symlink(target) if *counted => target.len() as u64,
                _ => 0,
            };
        }
        for (path, name) in &self.names {
            if name.counted {
                usage[0] += (path.len() - path.rfind('/').unwrap() - 1) as u64;
                usage[2] += 1;
            }
        }
        usage
    }

    fn attempt(&mut self, change: impl FnOnce(&mut Self)) -> Result<(), Errno> {
        let mut next = self.clone();
        change(&mut next);
        let limits = [
            self.bytes_limit.min(self.ceiling),
            self.nodes_limit,
            self.nodes_limit,
        ];
        let (before, after) = (self.usage(), next.usage());
        for dimension in 0..3 {
            if after[dimension] > limits[dimension] && after[dimension] > before[dimension] {
                return Err(Errno::Nospc);
            }
        }
        *self = next;
        Ok(())
    }

    fn node(&self, path: &str) -> Option<usize> {
        if path.is_empty() {
            return Some(0);
        }
        self.names.get(path).map(|name| name.node)
    }

    fn what(&self, path: &str) -> Option<&What> {
        Some(&self.nodes[self.node(path)?].0)
    }

    fn is_dir(&self, path: &str) -> bool {
        path == REMOVED || matches!(self.what(path), Some(What::Directory))
    }

    fn is_empty(&self, path: &str) -> bool {
        let within = format!("{path}/");
        !self.names.keys().any(|name| name.starts_with(&within))
    }

    pub(super) fn bytes(&self, file: usize) -> &[u8] {
        match &self.nodes[self.files[file]].0 {
            What::File { bytes, .. } => bytes,
            other => unreachable!("{other:?} is no file"),
        }
    }

    /// Kind, links and size.
    pub(super) fn stat(&self, path: &str) -> (Kind, u64, u64) {
        let Some(node) = self.node(path) else {
            return (Kind::Directory, 0, 0);
        };
        let names = self.names.values().filter(|name| name.node == node).count() as u64;
        match &self.nodes[node].0 {
            What::Directory => {
                let dirs = self
                    .children(path)
                    .filter(|(_, child)| self.is_dir(child))
                    .count();
                (Kind::Directory, 2 + dirs as u64, 0)
            }
            What::File { bytes, .. } => (Kind::File, names, bytes.len() as u64),
            What::Symlink(target) => (Kind::Symlink, names, target.len() as u64),
        }
    }

    /// Names and paths of what is in a directory.
    pub(super) fn children<'a>(
        &'a self,
        path: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.names.keys().filter_map(move |name| {
            let rest = name.strip_prefix(path)?.strip_prefix('/')?;
            (!rest.contains('/')).then_some((rest, name.as_str()))
        })
    }

    pub(super) fn is_removed(&self, path: &str) -> bool {
        path == REMOVED
    }

    /// All paths in the order of their parts, with a number for what is there that hard links share.
    pub(super) fn paths(&self) -> Vec<(&str, usize, &What)> {
        let mut paths: Vec<_> = self.names.iter().collect();
        paths.sort_by_key(|(path, _)| path.split('/').collect::<Vec<_>>());
        let paths = paths.into_iter();
        paths
            .map(|(path, name)| (path.as_str(), name.node, &self.nodes[name.node].0))
            .collect()
    }
}
