//! A directory of a tree: its names.

use super::{
    map::{Iter, Map},
    node::{NodeId, Owner},
};
use alloc::sync::Arc;

/// The names in a directory, by spelling and by age.
#[derive(Clone)]
pub(super) struct Directory {
    /// The directory that holds it; the root holds itself.
    pub(super) parent: NodeId,
    /// The length of its own name in `parent`.
    pub(super) name_len: usize,
    by_name: Map<Arc<str>, Name>,
    by_cookie: Map<u64, Arc<str>>,
    next_cookie: u64,
    /// For each directory in it, the length of the longest path down through directories, and how
    /// many are that long: so that moving a directory need not look at all that is in it.
    spans: Map<usize, u64>,
}

/// One name in a directory.
#[derive(Clone, Copy)]
pub(super) struct Name {
    pub(super) node: NodeId,
    /// Stays as it is, so that a listing neither skips nor repeats a name while others come and go.
    cookie: u64,
    /// Who gave it.
    pub(super) owner: Owner,
}

impl Directory {
    pub(super) fn new(parent: NodeId, name_len: usize) -> Self {
        Self {
            parent,
            name_len,
            by_name: Map::new(),
            by_cookie: Map::new(),
            next_cookie: FIRST_COOKIE,
            spans: Map::new(),
        }
    }

    pub(super) fn add(&mut self, name: Arc<str>, node: NodeId, owner: Owner) {
        let cookie = self.next_cookie;
        self.next_cookie = cookie.saturating_add(1);
        self.insert(
            name,
            Name {
                node,
                cookie,
                owner,
            },
        );
    }

    pub(super) fn remove(&mut self, name: &str) -> Option<Name> {
        let removed = self.by_name.remove(name)?;
        self.by_cookie.remove(&removed.cookie);
        Some(removed)
    }

    /// Gives another spelling to a name, which keeps its place in a listing: a guest that renames all
    /// that it lists comes to an end.
    pub(super) fn respell(&mut self, old: &str, new: Arc<str>, owner: Owner) {
        if let Some(name) = self.remove(old) {
            self.insert(new, Name { owner, ..name });
        }
    }

    /// Lets a name lead to another node; it keeps its place in a listing.
    pub(super) fn redirect(&mut self, name: &str, node: NodeId) {
        if let Some(name) = self.by_name.get_mut(name) {
            name.node = node;
        }
    }

    /// Notes that a directory in it went, came, or has another span.
    pub(super) fn change_span(&mut self, gone: Option<usize>, come: Option<usize>) {
        if let Some(gone) = gone
            && let Some(count) = self.spans.get_mut(&gone)
        {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.spans.remove(&gone);
            }
        }
        if let Some(come) = come {
            let count = self.spans.get(&come).copied().unwrap_or_default();
            self.spans.insert(come, count.saturating_add(1));
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<Name> {
        self.by_name.get(name).copied()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// The length of the longest path from here down through directories.
    pub(super) fn reach(&self) -> usize {
        self.spans.last().map_or(0, |(span, _)| *span)
    }

    /// [`reach`](Self::reach), from the directory that holds it.
    pub(super) fn span(&self) -> usize {
        step(self.name_len).saturating_add(self.reach())
    }

    /// All names in the order of their spelling.
    pub(super) fn names(&self) -> Iter<'_, Arc<str>, Name> {
        self.by_name.iter()
    }

    /// The names with this cookie and later ones, with the cookie that goes on after each.
    pub(super) fn names_from(&self, cookie: u64) -> impl Iterator<Item = (u64, &str, NodeId)> {
        self.by_cookie
            .iter_from(&cookie)
            .filter_map(|(cookie, name)| {
                let node = self.by_name.get(&**name)?.node;
                Some((cookie.saturating_add(1), &**name, node))
            })
    }

    fn insert(&mut self, name: Arc<str>, entry: Name) {
        self.by_cookie.insert(entry.cookie, Arc::clone(&name));
        self.by_name.insert(name, entry);
    }
}

/// How much longer a name of `name_len` bytes makes a path.
pub(super) fn step(name_len: usize) -> usize {
    name_len.saturating_add(1)
}

/// 0 is `.` and 1 is `..`.
const FIRST_COOKIE: u64 = 2;

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn listing(directory: &Directory, cookie: u64) -> Vec<(u64, &str)> {
        directory
            .names_from(cookie)
            .map(|(next, name, _)| (next, name))
            .collect()
    }

    fn abc() -> Directory {
        let mut directory = Directory::new(NodeId::ROOT, 0);
        for name in ["c", "a", "b"] {
            directory.add(name.into(), NodeId(7), Owner::HOST);
        }
        directory
    }

    #[test]
    fn a_listing_goes_on_where_it_was_while_names_come_and_go() {
        let mut directory = abc();
        assert_eq!(listing(&directory, 0), [(3, "c"), (4, "a"), (5, "b")]);
        directory.remove("a");
        directory.add("d".into(), NodeId(8), Owner::HOST);
        assert_eq!(listing(&directory, 3), [(5, "b"), (6, "d")]);
        assert_eq!(listing(&directory, 5), [(6, "d")]);
        directory.add("a".into(), NodeId(9), Owner::HOST);
        assert_eq!(listing(&directory, 6), [(7, "a")]);
        assert_eq!(listing(&directory, u64::MAX), []);
    }

    #[test]
    fn a_name_that_is_respelled_keeps_its_place() {
        let mut directory = abc();
        directory.respell("c", "z".into(), Owner::HOST);
        assert_eq!(listing(&directory, 0), [(3, "z"), (4, "a"), (5, "b")]);
        assert!(directory.get("c").is_none());
    }

    #[test]
    fn the_longest_span_counts_until_the_last_of_its_length_has_gone() {
        let mut directory = abc();
        for span in [4, 9, 9] {
            directory.change_span(None, Some(span));
        }
        directory.change_span(Some(9), None);
        assert_eq!(directory.reach(), 9);
        directory.change_span(Some(9), Some(2));
        assert_eq!(directory.reach(), 4);
    }
}
